// PartiQL statements that a seed chooses.
import type { Random } from '../../../support/random.ts'
import type { Input } from '../steps.ts'
import { attributes, hashOf, type Item, keyOf, type Schema, type Value, value } from './values.ts'

type Words = () => string

/** A value as PartiQL writes it, or a question mark. */
class Statement {
  readonly #random: Random
  readonly #parameters: Value[] = []

  constructor(random: Random) {
    this.#random = random
  }

  write(given: Value): string {
    const [type, inside] = Object.entries(given)[0] ?? []
    if (this.#random.whole(2) === 0) {
      if (type === 'S') return `'${String(inside).replaceAll("'", "''")}'`
      if (type === 'N' && /^-?\d+(\.\d+)?$/.test(String(inside))) return String(inside)
      if (type === 'BOOL') return String(inside)
      if (type === 'NULL') return 'null'
    }
    this.#parameters.push(given)
    return '?'
  }

  item(item: Item): string {
    return `{${Object.entries(item)
      .map(([name, one]) => `'${name}': ${this.write(one)}`)
      .join(', ')}}`
  }

  where(item: Item): string {
    return Object.entries(item)
      .map(([name, one]) => `${name} = ${this.write(one)}`)
      .join(' AND ')
  }

  condition(): string {
    const random = this.#random
    const choices: readonly [Words, ...Words[]] = [
      () => `a = ${this.write({ S: 'a' })}`,
      () => `n > ${this.write({ N: '0' })}`,
      () => `n BETWEEN ${this.write({ N: '0' })} AND ${this.write({ N: '5' })}`,
      () => `a IN [${this.write({ S: 'a' })}, ${this.write({ S: 'b' })}]`,
      () => 'b IS MISSING',
      () => 'b IS NOT MISSING',
      () => 'b IS NULL',
      () => `begins_with(a, ${this.write({ S: 'a' })})`,
      () => `contains(ss, ${this.write({ S: 'a' })})`,
      () => "attribute_type(b, 'S')",
      () => `size(a) > ${this.write({ N: '1' })}`,
      () => `m.x = ${this.write({ N: '1' })}`,
      () => `l[0] <> ${this.write({ N: '1' })}`,
      () => `NOT a = ${this.write({ S: 'a' })}`,
      () => `(a = ${this.write({ S: 'b' })} OR n = ${this.write({ N: '2' })})`,
      () => `b = ${this.write(value(random))}`,
    ]
    return random.pick(choices)()
  }

  input(Statement: string): Input {
    return { Statement, ...(this.#parameters.length === 0 ? {} : { Parameters: this.#parameters }) }
  }
}

const BROKEN = [
  'SELECT',
  'SELECT * FROM',
  'DROP TABLE x',
  'SELECT * FROM "none"',
  'INSERT INTO',
  "SELECT * FROM 'x'",
  'UPDATE "none" SET a = 1 WHERE pk = 1',
] as const

export type Kind = 'read' | 'write'

/** One statement with its parameters; nearly always of that kind, if one is asked for. */
export function statement(random: Random, table: string, schema: Schema, kind?: Kind, given?: Item): Input {
  const words = new Statement(random)
  const key = given ?? keyOf(random, schema.key)
  const name = `"${table}"`
  switch (random.whole(30)) {
    case 0:
      return words.input(random.pick(BROKEN))
    case 1:
      return words.input(`DELETE FROM ${name} WHERE pk = ${words.write(key.pk ?? hashOf(random, schema.key))}`)
    case 2:
      return words.input(`SELECT * FROM ${name} WHERE ${words.condition()}`)
    default:
  }
  switch (kind === 'read' ? 4 : random.whole(kind === 'write' ? 4 : 8)) {
    case 0:
    case 1:
      return words.input(`INSERT INTO ${name} VALUE ${words.item({ ...attributes(random), ...key })}`)
    case 2: {
      const sets: readonly [Words, ...Words[]] = [
        () => `SET a = ${words.write({ S: 'set' })}`,
        () => `SET n = n + ${words.write({ N: '1' })}`,
        () => 'REMOVE b',
        () => `SET l = list_append(l, ${words.write({ L: [{ S: 'e' }] })})`,
        () => `SET ss = set_add(ss, ${words.write({ SS: ['n'] })})`,
        () => `SET m.x = ${words.write({ N: '7' })}`,
        () => `SET a = ${words.write({ S: 'x' })} SET b = ${words.write({ N: '1' })}`,
        () => `SET b = if_not_exists(b, ${words.write({ S: 'new' })})`,
      ]
      const set = random.pick(sets)()
      const returning = random.pick([
        '',
        '',
        ' RETURNING ALL NEW *',
        ' RETURNING MODIFIED OLD *',
        ' RETURNING ALL OLD *',
      ])
      const more = random.whole(3) === 0 ? ` AND ${words.condition()}` : ''
      return words.input(`UPDATE ${name} ${set} WHERE ${words.where(key)}${more}${returning}`)
    }
    case 3: {
      const more = random.whole(3) === 0 ? ` AND ${words.condition()}` : ''
      const returning = random.pick(['', ' RETURNING ALL OLD *'])
      return words.input(`DELETE FROM ${name} WHERE ${words.where(key)}${more}${returning}`)
    }
    default: {
      const what = random.pick(['*', '*', 'a, n', 'm.x, l[0]', 'pk'])
      const hash = () => `pk = ${words.write(key.pk ?? hashOf(random, schema.key))}`
      const wheres: readonly [Words, ...Words[]] = [
        () => words.where(key),
        hash,
        () => `${hash()} AND ${words.condition()}`,
      ]
      const where = random.pick(wheres)()
      return words.input(`SELECT ${what} FROM ${name} WHERE ${where}`)
    }
  }
}
