// What can be wrong with a parsed expression whatever the request holds: words, indexes, names of functions and their places.
// Source: the order is DynamoDB Local's, in which the expression is walked as written.
import { ExpressionProblem } from './problem.ts'
import { isReserved } from './reserved.ts'
import type { Call, Condition, Operand, Path, Projection, SetValue, Update, UpdateAction } from './tree.ts'

const CONDITIONS: ReadonlyMap<string, number> = new Map([
  ['attribute_exists', 1],
  ['attribute_not_exists', 1],
  ['attribute_type', 2],
  ['begins_with', 2],
  ['contains', 2],
])
const UPDATES: ReadonlyMap<string, number> = new Map([
  ['if_not_exists', 2],
  ['list_append', 2],
])
const LARGEST_INDEX = 2 ** 31 - 1

/** How many operands a function takes; undefined when there is no such function. */
const arityOf = (name: string): number | undefined =>
  name === 'size' ? 1 : (CONDITIONS.get(name) ?? UPDATES.get(name))

export function checkConditionForm(condition: Condition): void {
  if (condition.kind === 'call') checkCall(condition, 'condition')
  else if (condition.kind === 'not') checkConditionForm(condition.part)
  else if (condition.kind === 'and' || condition.kind === 'or') condition.parts.forEach(checkConditionForm)
  else for (const operand of operandsOf(condition)) checkOperand(operand)
}

export function checkProjectionForm(paths: Projection): void {
  for (const path of paths) checkPath(path)
}

export function checkUpdateForm(update: Update): void {
  const sections = new Set(update.flatMap((clause) => clause.slice(0, 1).map(({ section }) => section)))
  for (const section of sections) {
    const clauses = update.filter(([first]) => first?.section === section)
    for (const action of clauses.flat()) checkAction(action)
    if (clauses.length > 1)
      throw new ExpressionProblem(`The "${section}" section can only be used once in an update expression;`)
  }
}

function checkAction(action: UpdateAction): void {
  checkPath(action.path)
  if (action.section !== 'SET') return
  for (const operand of operandsOfValue(action.value)) {
    // A list is no number.
    if (action.value.kind === 'arithmetic' && operand.kind === 'call' && operand.name === 'list_append')
      throw misused(operand.name)
    checkInUpdate(operand)
  }
}

const misused = (name: string): ExpressionProblem =>
  new ExpressionProblem(`The function is not allowed to be used this way in an expression; function: ${name}`)

/** The operands of a comparison, as written. */
export function operandsOf(condition: Exclude<Condition, { kind: 'and' | 'or' | 'not' }>): readonly Operand[] {
  if (condition.kind === 'call') return condition.operands
  if (condition.kind === 'comparison') return [condition.left, condition.right]
  if (condition.kind === 'between') return [condition.operand, condition.low, condition.high]
  return [condition.operand, ...condition.list]
}

export const operandsOfValue = (value: SetValue): readonly Operand[] =>
  value.kind === 'arithmetic' ? [value.left, value.right] : [value]

function checkOperand(operand: Operand): void {
  if (operand.kind === 'path') checkPath(operand)
  else if (operand.kind === 'call') checkCall(operand, 'operand')
}

function checkCall({ name, operands }: Call, place: 'condition' | 'operand'): void {
  const arity = arityOf(name)
  if (arity === undefined) throw new ExpressionProblem(`Invalid function name; function: ${name}`)
  if (UPDATES.has(name))
    throw new ExpressionProblem(`The function is not allowed in a condition expression; function: ${name}`)
  if (CONDITIONS.has(name) !== (place === 'condition')) throw misused(name)
  checkArity(name, operands.length)
  for (const operand of operands) checkOperand(operand)
}

export function checkArity(name: string, count: number): void {
  if (count === arityOf(name)) return
  throw new ExpressionProblem(
    `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${count}`,
  )
}

function checkInUpdate(operand: Operand): void {
  if (operand.kind === 'path') checkPath(operand)
  if (operand.kind !== 'call') return
  const { name, operands } = operand
  if (arityOf(name) === undefined) throw new ExpressionProblem(`Invalid function name; function: ${name}`)
  if (!UPDATES.has(name))
    throw new ExpressionProblem(`The function is not allowed in an update expression; function: ${name}`)
  for (const one of operands) checkInUpdate(one)
}

function checkPath({ steps }: Path): void {
  for (const step of steps) {
    if ('index' in step) {
      if (step.index > LARGEST_INDEX)
        throw new ExpressionProblem(`List index is not within the allowable range; index: [${step.text}]`)
    } else if ('name' in step && isReserved(step.name))
      throw new ExpressionProblem(`Attribute name is a reserved keyword; reserved keyword: ${step.name}`)
  }
}
