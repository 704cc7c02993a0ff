// `tags`: what people find and count their resources by.
import { type Complaint, complaint, type Where } from '../errors.ts'
import type { Options } from './describe.ts'
import { isObject, objectOf, type Rule, show } from './options.ts'

/** Source: "Tag naming limits and requirements" of the Tagging guide. */
const MOST = 50
const LETTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u
const ALLOWED = 'Letters, digits, spaces and _ . : / = + - @ are allowed: 128 in a name, 256 in a value.'

export const tags: Rule = (value) => {
  if (!isObject(value) || value.$ !== undefined)
    return { problem: `is ${show(value)}`, mend: "It is an object of texts: { team: 'shop' }." }
  for (const [name, content] of Object.entries(value)) {
    if (typeof content !== 'string')
      return { problem: `holds ${show(content)} as ${name}`, mend: 'Tags are texts: write "1" for 1.' }
    if (/^aws:/i.test(name))
      return { problem: `has the name ${show(name)}`, mend: "Names that begin with `aws:` are AWS's own." }
    if (name === '' || name.length > 128 || !LETTERS.test(name))
      return { problem: `has the name ${show(name)}`, mend: ALLOWED }
    if (content.length > 256 || !LETTERS.test(content))
      return { problem: `holds ${show(content)} as ${name}`, mend: ALLOWED }
  }
  return undefined
}

/** The tags among these options. A route's are for its OpenAPI document: a list, which holds none. */
export function tagsIn(options: Options): Record<string, string> {
  const texts = Object.entries(objectOf(options, 'tags')).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  )
  return Object.fromEntries(texts)
}

/** Complains of more tags than AWS takes, those of the app among them. */
export function checkTags(what: string, app: Options, own: Options, where: Where): Complaint[] {
  const count = Object.keys({ ...tagsIn(app), ...tagsIn(own) }).length
  if (count <= MOST || Object.keys(tagsIn(own)).length === 0) return []
  const problem = `makes ${count} tags in all`
  return [complaint('GOBLET_BAD_OPTION', { option: 'tags', what, problem, mend: `AWS takes ${MOST}.` }, where)]
}
