package demo

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// TerminateSessionFromRequest ends the session that the ID token names and tells the client behind it over the back
// channel (OpenID Connect Back-Channel Logout 1.0). A client that does not answer is logged and does not stop the
// logout.
func (s *storage) TerminateSessionFromRequest(ctx context.Context, end *op.EndSessionRequest) (string, error) {
	if end.IDTokenHintClaims == nil {
		return s.afterLogout(end), nil
	}
	session, _ := end.IDTokenHintClaims.Claims["sid"].(string)
	r, err := s.take(s.sessions, session)
	if err != nil {
		return s.afterLogout(end), nil // ended before
	}
	if address := s.clients[r.asked.ClientID].backChannel; address != "" {
		if err := s.tell(ctx, address, r); err != nil {
			slog.WarnContext(ctx, "demo provider: back-channel logout", "error", err)
		}
	}
	return s.afterLogout(end), nil
}

// afterLogout is where the browser goes: where the client asked, or the choice of personas.
func (s *storage) afterLogout(end *op.EndSessionRequest) string {
	if end.RedirectURI != "" {
		return end.RedirectURI
	}
	return Path + "/login"
}

func (s *storage) tell(ctx context.Context, address string, r *request) error {
	now := s.config.Now()
	token, err := s.sign(map[string]any{
		"iss": s.issuer, "aud": r.asked.ClientID, "sub": r.persona, "sid": r.session, "jti": randomText(),
		"iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(),
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": struct{}{}},
	}, "logout+jwt")
	if err != nil {
		return err
	}
	form := strings.NewReader(url.Values{"logout_token": {token}}.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, form)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := s.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusNoContent {
		return fmt.Errorf("%s answered %s", address, response.Status)
	}
	return nil
}
