// Numbers of 38 significant digits: read, checked, written as AWS writes them, compared and ordered exactly.

/** The value is 0.digits × 10^exponent; zero has no digits. */
export interface Decimal {
  readonly negative: boolean
  /** Neither the first nor the last is 0. */
  readonly digits: string
  readonly exponent: number
}

const ZERO: Decimal = { negative: false, digits: '', exponent: 0 }
const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/

/** Reads a number, or undefined when the text is none. Its size is not checked. */
export function readDecimal(text: string): Decimal | undefined {
  const match = SHAPE.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', part = '', power = '0'] = match
  const all = whole + part
  if (all === '') return undefined
  return normal(sign === '-', all, whole.length + Number(power))
}

function normal(negative: boolean, all: string, exponent: number): Decimal {
  let start = 0
  let end = all.length
  while (start < end && all[start] === '0') start++
  while (end > start && all[end - 1] === '0') end--
  return start === end ? ZERO : { negative, digits: all.slice(start, end), exponent: exponent - start }
}

/** A number that was checked before. */
export function toDecimal(text: string): Decimal {
  const decimal = readDecimal(text)
  if (decimal === undefined) throw new Error(`${text} is not a number.`)
  return decimal
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
