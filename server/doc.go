// Package server puts the parts together: routes, middleware, the clock, start and stop.
package server
