// What can be wrong with a condition or an update once its names and values are known: types, repeated operands, bounds.
// Source: the order is DynamoDB Local's.
import { orderOf } from '../compare.ts'
import { type AttributeType, type AttributeValue, typeOf } from '../values.ts'
import { checkArity, operandsOf, operandsOfValue } from './form.ts'
import { checkOverlaps } from './overlaps.ts'
import { type Placeholders, placeText } from './placeholders.ts'
import { ExpressionProblem } from './problem.ts'
import type {
  Between,
  Call,
  Comparison,
  Condition,
  Membership,
  Operand,
  Path,
  Projection,
  Update,
  UpdateAction,
} from './tree.ts'

const MOST_IN = 100
const DEEPEST_PATH = 32
const ORDERED: readonly AttributeType[] = ['S', 'N', 'B']
const ORDERING = new Set(['<', '<=', '>', '>='])
const SIZED: readonly AttributeType[] = ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M']
const ALL_TYPES = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL']
// As AWS's set of them is printed.
const TYPE_NAMES = '{N,BS,L,B,NULL,M,S,SS,NS,BOOL}'
const ANY_TYPE = '{SS,M,DECIMAL,DOUBLESET,HDS,N,B,DICT,INTSET,BOOL,HD,BS,INT,DECIMALSET,NULL,FLOAT,FS,S,L,NS,DOUBLE}'
const LONG: Readonly<Record<AttributeType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  L: 'LIST',
  M: 'MAP',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
}

export function checkCondition(condition: Condition, given: Placeholders): void {
  if (condition.kind === 'not') checkCondition(condition.part, given)
  else if (condition.kind === 'and' || condition.kind === 'or')
    for (const part of condition.parts) checkCondition(part, given)
  else if (condition.kind === 'call') checkCall(condition, given)
  else checkComparison(condition, given)
}

function checkComparison(condition: Comparison | Between | Membership, given: Placeholders): void {
  const operands = operandsOf(condition)
  for (const operand of operands) checkOperand(operand, given)
  if (condition.kind === 'in' && condition.list.length > MOST_IN)
    throw new ExpressionProblem(
      `The IN operator is provided with too many operands; number of operands: ${condition.list.length}`,
    )
  const operator = condition.kind === 'comparison' ? condition.comparator : condition.kind.toUpperCase()
  if (operator === 'BETWEEN') checkTypes(operator, operands, ORDERED, given)
  checkDistinct(operator, operands, given)
  if (ORDERING.has(operator)) checkTypes(operator, operands, ORDERED, given)
  if (condition.kind === 'between') checkBounds(condition, given)
}

export function checkProjection(paths: Projection, given: Placeholders): void {
  for (const path of paths) checkPath(path, given)
  checkOverlaps(paths.map((path) => given.place(path)))
}

/** The actions from the last to the first: first all their names, then values and types. */
export function checkUpdate(update: Update, given: Placeholders): void {
  const actions = update.flat()
  checkOverlaps(actions.map(({ path }) => given.place(path)))
  const backwards = [...actions].reverse()
  for (const action of backwards) for (const operand of valuesOf(action)) checkNames(operand, given)
  for (const action of backwards) checkAction(action, given)
}

function checkAction(action: UpdateAction, given: Placeholders): void {
  checkPath(action.path, given)
  const operands = valuesOf(action)
  for (const operand of operands) checkOperand(operand, given)
  if (action.section === 'SET' && action.value.kind === 'arithmetic')
    checkTypes(action.value.operator, operands, ['N'], given)
  if (action.section !== 'ADD' && action.section !== 'DELETE') return
  const type = typeOf(given.value(action.value.name))
  if (type === 'SS' || type === 'NS' || type === 'BS' || (type === 'N' && action.section === 'ADD')) return
  throw new ExpressionProblem(
    `Incorrect operand type for operator or function; operator: ${action.section}, operand type: ${LONG[type]}, typeSet: ALLOWED_FOR_${action.section}_OPERAND`,
  )
}

const valuesOf = (action: UpdateAction): readonly Operand[] =>
  action.section === 'REMOVE' ? [] : operandsOfValue(action.value)

function checkNames(operand: Operand, given: Placeholders): void {
  if (operand.kind === 'path') given.place(operand)
  else if (operand.kind === 'call') for (const one of operand.operands) checkNames(one, given)
}

function checkOperand(operand: Operand, given: Placeholders): void {
  if (operand.kind === 'path') checkPath(operand, given)
  else if (operand.kind === 'value') given.value(operand.name)
  else checkCall(operand, given)
}

function checkPath(path: Path, given: Placeholders): void {
  given.place(path)
  if (path.steps.length > DEEPEST_PATH)
    throw new ExpressionProblem(`The document path has too many nesting levels; nesting levels: ${path.steps.length}`)
}

const NEED_PATH = new Set(['attribute_exists', 'attribute_not_exists', 'attribute_type', 'if_not_exists'])

function checkCall({ name, operands }: Call, given: Placeholders): void {
  checkArity(name, operands.length)
  for (const operand of operands) checkOperand(operand, given)
  const [first, second] = operands
  if (NEED_PATH.has(name) && first?.kind !== 'path')
    throw new ExpressionProblem(`Operator or function requires a document path; operator or function: ${name}`)
  if (name !== 'size' && name !== 'list_append') checkDistinct(name, operands, given)
  if (name === 'size') checkTypes(name, operands, SIZED, given)
  if (name === 'begins_with') checkTypes(name, operands, ['S', 'B'], given)
  if (name === 'list_append') checkTypes(name, operands, ['L'], given)
  if (name === 'attribute_type' && second !== undefined) checkTypeName(second, given)
}

function checkTypeName(operand: Operand, given: Placeholders): void {
  if (operand.kind !== 'value') throw wrongType('attribute_type', operand.kind === 'call' ? 'N' : ANY_TYPE)
  const value = given.value(operand.name)
  if (!('S' in value)) throw wrongType('attribute_type', typeOf(value))
  if (!ALL_TYPES.includes(value.S))
    throw new ExpressionProblem(`Invalid attribute type name found; type: ${value.S}, valid types: ${TYPE_NAMES}`)
}

function checkTypes(
  operator: string,
  operands: readonly Operand[],
  allowed: readonly AttributeType[],
  given: Placeholders,
): void {
  for (const operand of operands) {
    const type = knownType(operand, given)
    if (type !== undefined && !allowed.includes(type)) throw wrongType(operator, type)
  }
}

// Of a path only the item knows the type.
function knownType(operand: Operand, given: Placeholders): AttributeType | undefined {
  if (operand.kind === 'value') return typeOf(given.value(operand.name))
  return operand.kind === 'call' && operand.name === 'size' ? 'N' : undefined
}

/** The type of what an action writes, where no item has to be asked. */
export function typeOfAction(action: UpdateAction, given: Placeholders): AttributeType | undefined {
  if (action.section === 'REMOVE') return undefined
  return action.value.kind === 'arithmetic' ? 'N' : typeOfOperand(action.value, given)
}

function typeOfOperand(operand: Operand, given: Placeholders): AttributeType | undefined {
  if (operand.kind !== 'call') return knownType(operand, given)
  const [, second] = operand.operands
  if (operand.name === 'list_append') return 'L'
  return second === undefined ? undefined : typeOfOperand(second, given)
}

const wrongType = (operator: string, type: string): ExpressionProblem =>
  new ExpressionProblem(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  )

function checkDistinct(operator: string, [first, ...rest]: readonly Operand[], given: Placeholders): void {
  if (first?.kind !== 'path' || rest.every(({ kind }) => kind !== 'path')) return
  const text = placeText(given.place(first))
  if (rest.some((one) => one.kind === 'path' && placeText(given.place(one)) === text))
    throw new ExpressionProblem(
      `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${text}`,
    )
}

function checkBounds({ low, high }: Between, given: Placeholders): void {
  if (low.kind !== 'value' || high.kind !== 'value') return
  const lower = given.value(low.name)
  const upper = given.value(high.name)
  const isSame = typeOf(lower) === typeOf(upper)
  if (isSame && (orderOf(lower, upper) ?? 0) <= 0) return
  const wanted = isSame
    ? 'requires upper bound to be greater than or equal to lower bound'
    : 'requires same data type for lower and upper bounds'
  throw new ExpressionProblem(
    `The BETWEEN operator ${wanted}; lower bound operand: ${boundText(lower)}, upper bound operand: ${boundText(upper)}`,
  )
}

function boundText(value: AttributeValue): string {
  if ('S' in value) return `AttributeValue: {S:${value.S}}`
  if ('N' in value) return `AttributeValue: {N:${value.N}}`
  const length = 'B' in value ? Buffer.byteLength(value.B, 'base64') : 0
  return `AttributeValue: {B:java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]}`
}
