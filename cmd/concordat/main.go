// Command concordat is the server and its tools in one binary.
package main

func main() {}
