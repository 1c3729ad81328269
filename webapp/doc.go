// Package webapp embeds the pages that Node builds. Without Node the program compiles and serves a placeholder in
// their place. It decides nothing: who may see a page is not its business, for every page is public.
package webapp
