// GetRandomPassword.
import { randomInt } from 'node:crypto'
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { flagOf, numberOf, textOf, within } from '../../../aws/protocol/members.ts'
import { invalid } from './problems.ts'

const KINDS = [
  ['ExcludeLowercase', 'abcdefghijklmnopqrstuvwxyz'],
  ['ExcludeUppercase', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['ExcludeNumbers', '0123456789'],
  ['ExcludePunctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
] as const

export function getRandomPassword(input: JsonObject): JsonObject {
  const length = within(numberOf(input, 'PasswordLength'), 'passwordLength', { least: 1, most: 4096, or: 32 })
  const excluded = new Set(textOf(input, 'ExcludeCharacters') ?? '')
  const kinds: string[] = KINDS.filter(([flag]) => !flagOf(input, flag)).map(([, characters]) => characters)
  if (flagOf(input, 'IncludeSpace')) kinds.push(' ')
  const left = kinds
    .map((characters) => [...characters].filter((one) => !excluded.has(one)))
    .filter((one) => one.length > 0)
  if (left.length === 0) throw invalid('The password has no character left to be made of.')
  const each = input.RequireEachIncludedType !== false
  if (each && length < left.length)
    throw invalid(`The password length must be at least ${left.length} to have one character of each included type.`)
  const every = left.flat()
  const made = Array.from({ length }, (_, index) => pick(each ? (left[index] ?? every) : every))
  return { RandomPassword: shuffle(made).join('') }
}

const pick = (characters: readonly string[]): string => characters[randomInt(characters.length)] ?? ''

function shuffle(made: string[]): string[] {
  for (let index = made.length - 1; index > 0; index--) {
    const other = randomInt(index + 1)
    const one = made[index] ?? ''
    made[index] = made[other] ?? ''
    made[other] = one
  }
  return made
}
