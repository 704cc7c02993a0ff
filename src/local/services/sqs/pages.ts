// Pages of a sorted list of names: the token names the last one given out.
import { invalidValue } from './problems.ts'

export interface Page {
  readonly page: readonly string[]
  readonly next?: string
}

/** The names after `token`. Without MaxResults AWS gives the first 1,000 and no token. */
export function pageOf(names: readonly string[], token: string | undefined, most: number | undefined): Page {
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString()
  if (token !== undefined && !/^[\w.-]{1,80}$/.test(after)) throw invalidValue('NextToken', token, 'Invalid NextToken.')
  const rest = names.filter((name) => name > after)
  const page = rest.slice(0, most ?? 1000)
  const last = page.at(-1)
  if (most === undefined || last === undefined || page.length === rest.length) return { page }
  return { page, next: Buffer.from(last).toString('base64') }
}
