// What is wrong with an expression, in AWS's words; which expression it is, its caller says.

export class ExpressionProblem extends Error {
  override readonly name = 'ExpressionProblem'
}
