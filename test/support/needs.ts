// Tables of what calls need: operation, input, needs in short, and the page of AWS's documentation that says so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Need, needsOf, type Place, toValue, UNKNOWN } from '../../src/aws/access.ts'

export const PLACE: Place = { partition: 'aws', region: 'us-east-1', account: '123456789012' }

/**
 * `s3 GetObject`; the input, `undefined` for one of which nothing is known; the needs, as `short` writes them; where AWS says so.
 */
export type Row = readonly [operation: string, input: unknown, needs: readonly string[], source: string]

export function needs(operation: string, input: unknown): readonly Need[] | undefined {
  const [service = '', name = ''] = operation.split(' ')
  return needsOf({ service, name }, input === undefined ? UNKNOWN : toValue(input), PLACE)
}

/**
 * `sqs:SendMessage jobs | other ?`: the action, its resources without what the place says of them, `?` where they are not told, and
 * ` if <key>=<value>` for its conditions.
 */
export function short({ action, resources, exact, conditions }: Need): string {
  const [service = ''] = action.split(':')
  const here = `arn:aws:${service}:us-east-1:123456789012:`
  const names = resources.map((arn) =>
    arn.startsWith(here) ? arn.slice(here.length) : arn.replace(/^arn:aws:s3:::/, '::'),
  )
  const keys = Object.values(conditions ?? {}).flatMap((each) => Object.entries(each))
  const when = keys.map(([key, values]) => ` if ${key}=${values.join(',')}`)
  return `${action} ${names.join(' | ')}${exact ? '' : ' ?'}${when.join('')}`
}

/** A test for every row. */
export function check(rows: readonly Row[]): void {
  for (const [operation, input, expected, source] of rows) {
    test(`${operation} ${JSON.stringify(input) ?? 'of anything'}`, () => {
      assert.match(source, /^https:\/\//)
      assert.deepEqual(needs(operation, input)?.map(short), expected, source)
    })
  }
}
