// Package webapp embeds the web application's files.
package webapp
