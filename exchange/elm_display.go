package exchange

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// A page is A4 at 75 dots an inch.
const (
	pageWidth  = 620
	pageHeight = 877
	pageMargin = 60
)

// displayPage draws the page that a wallet shows of a credential in a language, as PNG in base64: its title, who awards it
// and where it is registered. The learner's name is data beside it and is never drawn. What the fonts have no letters for
// is left out; the address at the foot is always there.
func displayPage(p Published, tag string) (string, error) {
	page := image.NewGray(image.Rect(0, 0, pageWidth, pageHeight))
	draw.Draw(page, page.Bounds(), image.White, image.Point{}, draw.Src)
	frame := image.NewUniform(image.Black)
	for _, edge := range []image.Rectangle{
		image.Rect(24, 24, pageWidth-24, 26), image.Rect(24, pageHeight-26, pageWidth-24, pageHeight-24),
		image.Rect(24, 24, 26, pageHeight-24), image.Rect(pageWidth-26, 24, pageWidth-24, pageHeight-24),
	} {
		draw.Draw(page, edge, frame, image.Point{}, draw.Src)
	}
	w := &pageWriter{page: page, y: 160}
	title, _ := p.Document.Title.In(tag, string(p.Document.PrimaryLanguage()))
	w.paragraph(gobold.TTF, 34, title)
	w.y += 40
	awarder, _ := p.Offer.AwardingBody.Name.In(tag, anyLanguage(p.Offer.AwardingBody.Name))
	w.paragraph(goregular.TTF, 20, awarder)
	w.y = pageHeight - 110
	w.paragraph(goregular.TTF, 12, string(p.EditionURI()))
	w.paragraph(goregular.TTF, 9, string(p.Digest))
	if w.err != nil {
		return "", fmt.Errorf("draw the credential's page: %w", w.err)
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, page); err != nil {
		return "", fmt.Errorf("encode the credential's page: %w", err)
	}
	return base64.StdEncoding.EncodeToString(out.Bytes()), nil
}

// pageWriter writes paragraphs from the top of a page down.
type pageWriter struct {
	page *image.Gray
	y    int
	err  error // the first one; nothing is written after it
}

// paragraph writes words centred, as many lines as they need down to the foot of the page.
func (w *pageWriter) paragraph(typeface []byte, size float64, words string) {
	if w.err != nil {
		return
	}
	parsed, err := opentype.Parse(typeface)
	if err != nil {
		w.err = err
		return
	}
	if !drawable(parsed, words) {
		return
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		w.err = err
		return
	}
	defer face.Close()
	drawer := font.Drawer{Dst: w.page, Src: image.Black, Face: face}
	height := face.Metrics().Height.Ceil() + int(size/6)
	for _, line := range wrapped(&drawer, words) {
		if w.y > pageHeight-40 {
			return
		}
		drawer.Dot = fixed.P((pageWidth-drawer.MeasureString(line).Ceil())/2, w.y)
		drawer.DrawString(line)
		w.y += height
	}
}

// drawable says whether a font has every letter.
func drawable(parsed *sfnt.Font, words string) bool {
	var buffer sfnt.Buffer
	for _, c := range words {
		glyph, err := parsed.GlyphIndex(&buffer, c)
		if err != nil || glyph == 0 && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// wrapped breaks words into lines that fit between the margins; a word that does not is broken anywhere.
func wrapped(drawer *font.Drawer, words string) []string {
	var lines []string
	line := ""
	fits := func(s string) bool { return drawer.MeasureString(s).Ceil() <= pageWidth-2*pageMargin }
	for _, word := range strings.Fields(words) {
		if joined := strings.TrimSpace(line + " " + word); fits(joined) {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = ""
		for _, c := range word {
			if !fits(line + string(c)) {
				lines = append(lines, line)
				line = ""
			}
			line += string(c)
		}
	}
	return append(lines, line)
}
