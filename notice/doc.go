// Package notice tells people what concerns them: it follows the log into notices, sends those that are mailed, and writes
// calendars. Who is told of what is governance's table; what may be told, and whether it was, is the store's business.
package notice
