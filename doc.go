// Package concordat holds no code of its own: only the tests that look at the repository as a whole, namely which
// folder imports which, whether the documents name files that exist, and whether the code keeps its budgets.
package concordat
