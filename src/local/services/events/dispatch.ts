// From an event on a bus to its rules' targets and its archives: all of it is written in one commit.
import type { Writer } from '../../store.ts'
import { keep } from './archive.ts'
import { postTo } from './delivery.ts'
import { compiledOf } from './matching.ts'
import type { Room, Rule } from './state.ts'

/** An event on its way. */
export interface Arrived {
  readonly bus: string
  /** JSON. */
  readonly text: string
  /** When it came, in milliseconds since 1970. */
  readonly ingested: number
  /** The time that it bears itself. */
  readonly time: number
  /** A rule of another bus sent it: no rule sends it on to a third. */
  readonly forwarded: boolean
  /** An archive sends it again: to these rules only, or to all, and into no archive. */
  readonly replayed?: readonly string[]
}

type Post = (writer: Writer) => void

const isBus = (arn: string): boolean => arn.split(':')[2] === 'events'

/** What an event is to be written as; nothing when nobody wants it. */
export function postsFor(room: Room, arrived: Arrived): Post[] {
  const { bus, text, time, replayed } = arrived
  const { rules, archives } = compiledOf(room, bus)
  if (rules.length === 0 && archives.length === 0) return []
  const event: unknown = JSON.parse(text)
  const posts: Post[] = []
  for (const { rule, matches } of rules)
    if (isAsked(rule, replayed) && matches(event)) posts.push(toPost(room, rule, arrived))
  if (replayed === undefined)
    for (const { archive, matches } of archives)
      if (matches(event)) posts.push((writer) => keep(room, writer, archive.name, text, time))
  return posts
}

const isAsked = ({ name }: Rule, replayed: Arrived['replayed']): boolean =>
  replayed === undefined || replayed.length === 0 || replayed.includes(name)

// Source: user guide, "Sending and receiving events between buses": an event goes on to one further bus only.
function toPost(room: Room, rule: Rule, { text, ingested, forwarded }: Arrived): Post {
  const targets = rule.targets.filter(({ Arn }) => !(forwarded && isBus(Arn)))
  return (writer) => {
    for (const { Id } of targets) postTo(room, writer, { rule, target: Id, event: text, ingested })
  }
}

/** Commits them, when there are any. */
export async function commitAll(room: Room, posts: readonly Post[]): Promise<void> {
  if (posts.length === 0) return
  await room.store.commit((writer) => {
    for (const post of posts) post(writer)
  })
}
