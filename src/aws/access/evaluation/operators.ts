// The condition operators: how a value of a request is held against one of a policy.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
import { readAddress } from '../../pattern/address.ts'
import type { Context } from './context.ts'
import { compilePattern, compileTemplate } from './pattern.ts'

/** Holds a request's value against the policy's, which is read once. */
export type Test = (value: string, context: Context) => boolean

export interface Operator {
  readonly compile: (wanted: string, variables: boolean) => Test
  /** It holds where the same operator without `Not` does not. */
  readonly negated: boolean
}

const never: Test = () => false

const equals =
  (fold: (text: string) => string): Operator['compile'] =>
  (wanted, variables) => {
    const template = compileTemplate(wanted, variables)
    return (value, context) => {
      const text = template(context)
      return text !== undefined && fold(value) === fold(text)
    }
  }

const same = (text: string): string => text
const lower = (text: string): string => text.toLowerCase()

// The six parts of an ARN are held against each other one by one: a star does not reach over a colon of the first five.
const arn: Operator['compile'] = (wanted, variables) => {
  const parts = splitArn(wanted)
  if (parts === undefined) return never
  const patterns = parts.map((part) => compilePattern(part, variables))
  return (value, context) => splitArn(value)?.every((part, index) => patterns[index]?.(part, context) === true) === true
}

function splitArn(text: string): string[] | undefined {
  // A colon of a variable is none of the ARN's.
  const parts = text.match(/(?:\$\{[^}]*\}|[^:])+|:/g) ?? []
  const found: string[] = ['']
  for (const part of parts) {
    if (part === ':' && found.length < 6) found.push('')
    else found[found.length - 1] += part
  }
  return found.length === 6 ? found : undefined
}

const compare =
  (read: (text: string) => number, holds: (value: number, wanted: number) => boolean): Operator['compile'] =>
  (wanted) => {
    const limit = read(wanted)
    // What is no number is on neither side of anything: NaN compares to nothing.
    return (value) => holds(read(value), limit)
  }

const toNumber = (text: string): number =>
  /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN

/** In milliseconds; a date is written in ISO 8601 or in seconds since 1970. */
const toTime = (text: string): number =>
  /^\d+(?:\.\d+)?$/.test(text) && text.length > 4 ? Number(text) * 1000 : Date.parse(text)

const address: Operator['compile'] = (wanted) => {
  const [text = '', mask] = wanted.split('/')
  const block = readAddress(text)
  if (block === undefined) return never
  const bits = mask === undefined ? block.bits : Number(mask)
  if (!Number.isInteger(bits) || bits < 0 || bits > block.bits) return never
  const shift = BigInt(block.bits - bits)
  return (value) => {
    const asked = readAddress(value)
    return asked?.bits === block.bits && asked.number >> shift === block.number >> shift
  }
}

const numeric = (holds: (value: number, wanted: number) => boolean) => compare(toNumber, holds)
const date = (holds: (value: number, wanted: number) => boolean) => compare(toTime, holds)
const is = (value: number, wanted: number): boolean => value === wanted
const under = (value: number, wanted: number): boolean => value < wanted
const upTo = (value: number, wanted: number): boolean => value <= wanted
const over = (value: number, wanted: number): boolean => value > wanted
const from = (value: number, wanted: number): boolean => value >= wanted

const yes = (compile: Operator['compile']): Operator => ({ compile, negated: false })
const not = (compile: Operator['compile']): Operator => ({ compile, negated: true })

/** By their name in lower case. `Null` is apart: it asks whether there is a value at all. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['stringequals', yes(equals(same))],
  ['stringnotequals', not(equals(same))],
  ['stringequalsignorecase', yes(equals(lower))],
  ['stringnotequalsignorecase', not(equals(lower))],
  ['stringlike', yes(compilePattern)],
  ['stringnotlike', not(compilePattern)],
  ['numericequals', yes(numeric(is))],
  ['numericnotequals', not(numeric(is))],
  ['numericlessthan', yes(numeric(under))],
  ['numericlessthanequals', yes(numeric(upTo))],
  ['numericgreaterthan', yes(numeric(over))],
  ['numericgreaterthanequals', yes(numeric(from))],
  ['dateequals', yes(date(is))],
  ['datenotequals', not(date(is))],
  ['datelessthan', yes(date(under))],
  ['datelessthanequals', yes(date(upTo))],
  ['dategreaterthan', yes(date(over))],
  ['dategreaterthanequals', yes(date(from))],
  ['bool', yes(equals(lower))],
  ['binaryequals', yes(equals(same))],
  ['ipaddress', yes(address)],
  ['notipaddress', not(address)],
  ['arnequals', yes(arn)],
  ['arnlike', yes(arn)],
  ['arnnotequals', not(arn)],
  ['arnnotlike', not(arn)],
])
