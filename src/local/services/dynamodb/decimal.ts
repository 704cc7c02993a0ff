// Numbers of 38 significant digits: read, checked, written as AWS writes them, compared and ordered exactly.

/** The value is 0.digits × 10^exponent; zero has no digits. */
export interface Decimal {
  readonly negative: boolean
  /** Neither the first nor the last is 0. */
  readonly digits: string
  readonly exponent: number
}

const ZERO: Decimal = { negative: false, digits: '', exponent: 0 }
const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/** A number as it was written. `magnitude` is the power of ten of its first digit, of a zero the power it was written with. */
interface Written {
  readonly decimal: Decimal
  readonly magnitude: number
  readonly power: number
}

function read(text: string): Written | undefined {
  // A longer number has too many digits or too many zeros to be written like this.
  if (text.length > LONGEST) return undefined
  const match = SHAPE.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', part = '', exponent = '0'] = match
  const all = whole + part
  if (all === '') return undefined
  const power = Number(exponent)
  const decimal = normal(sign === '-', all, whole.length + power)
  return { decimal, power, magnitude: decimal.digits === '' ? power - part.length : decimal.exponent - 1 }
}

const LONGEST = 1000

function normal(negative: boolean, all: string, exponent: number): Decimal {
  let start = 0
  let end = all.length
  while (start < end && all[start] === '0') start++
  while (end > start && all[end - 1] === '0') end--
  return start === end ? ZERO : { negative, digits: all.slice(start, end), exponent: exponent - start }
}

/** A number that was checked before. */
export function toDecimal(text: string): Decimal {
  const written = read(text)
  if (written === undefined) throw new Error(`${text} is not a number.`)
  return written.decimal
}

/** Which of its two ways of reading numbers DynamoDB has for an action: they differ in words, and far out of range. */
export type Layer = 'current' | 'older'

/** The number as it is kept, or what is wrong with it. */
export type Checked = { readonly text: string } | { readonly problem: string }

// Most numbers are small and whole, and stay as they are.
const PLAIN = /^(?:0|-?[1-9]\d{0,30})$/
// Source: recorded (dynamodb-conformance, October 2026).
const NOT_NUMERIC = 'The parameter cannot be converted to a numeric value'
const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range'
const UNDERFLOW = 'Number underflow. Attempting to store a number with magnitude smaller than supported range'
const PRECISION = 'Attempting to store more than 38 significant digits in a Number'

export function checkNumber(text: string, layer: Layer): Checked {
  if (PLAIN.test(text)) return { text }
  const written = read(text)
  if (written === undefined || !isReadable(written.power, layer))
    return { problem: text === '' && layer === 'older' ? NOT_NUMERIC : `${NOT_NUMERIC}: ${text}` }
  // The older way wraps where Java's integers end.
  if (layer === 'older' && written.power === 2 ** 31 - 1) return { problem: UNDERFLOW }
  const problem = sizeProblem(written.decimal, written.magnitude)
  return problem === undefined ? { text: toText(written.decimal) } : { problem }
}

const isReadable = (power: number, layer: Layer): boolean =>
  layer === 'current' ? Math.abs(power) < 2 ** 63 : Math.abs(power) < 2 ** 31

function sizeProblem({ digits }: Decimal, magnitude: number): string | undefined {
  if (magnitude > 125) return OVERFLOW
  if (magnitude < -130) return UNDERFLOW
  return digits.length > 38 ? PRECISION : undefined
}

/** Adds or subtracts exactly. */
export function calculate(left: string, operator: '+' | '-', right: string): Checked {
  const one = toDecimal(left)
  const other = toDecimal(right)
  const scale = Math.max(one.digits.length - one.exponent, other.digits.length - other.exponent, 0)
  const first = scaled(one, scale)
  const second = scaled(other, scale)
  const result = operator === '+' ? first + second : first - second
  const negative = result < 0n
  const all = String(negative ? -result : result)
  const decimal = normal(negative, all, all.length - scale)
  const problem = sizeProblem(decimal, decimal.digits === '' ? 0 : decimal.exponent - 1)
  return problem === undefined ? { text: toText(decimal) } : { problem }
}

function scaled({ negative, digits, exponent }: Decimal, scale: number): bigint {
  if (digits === '') return 0n
  const value = BigInt(digits) * 10n ** BigInt(scale - digits.length + exponent)
  return negative ? -value : value
}

/** Negative, zero or positive, as `left` is less than, equal to or greater than `right`. */
export function compareNumbers(left: string, right: string): number {
  if (left === right) return 0
  const one = orderText(left)
  const other = orderText(right)
  return one < other ? -1 : one > other ? 1 : 0
}

/** Without an exponent, as AWS answers it. */
export function toText({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0'
  const sign = negative ? '-' : ''
  if (exponent <= 0) return `${sign}0.${'0'.repeat(-exponent)}${digits}`
  if (exponent >= digits.length) return sign + digits + '0'.repeat(exponent - digits.length)
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`
}

/** Text that compares as the numbers do. */
export function orderText(text: string): string {
  const { negative, digits, exponent } = toDecimal(text)
  if (digits === '') return '1'
  const power = exponent + 200
  if (!negative) return `2${String(power).padStart(3, '0')}${digits}`
  // Complements, closed by a character above the digits: of -1.2 and -1.23 the longer is the smaller.
  let complement = ''
  for (const digit of digits) complement += String(9 - Number(digit))
  return `0${String(999 - power).padStart(3, '0')}${complement}~`
}
