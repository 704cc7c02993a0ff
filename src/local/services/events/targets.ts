// The targets of a rule.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { breaches, check, NAME, objectsOf, requiredText, textOf, textsOf } from './input.ts'
import { toPage } from './pages.ts'
import { overLimit } from './problems.ts'
import { keepRule } from './rules.ts'
import { type Room, ruleOf, type Target } from './state.ts'
import { readTarget } from './target.ts'

// Source: quotas of EventBridge; recorded.
const MOST = 5
const MOST_AT_ONCE = 100

export async function putTargets(room: Room, input: JsonObject): Promise<JsonObject> {
  const rule = requiredText(input, 'Rule')
  const given = objectsOf(input, 'Targets')
  checkCount('targets', given)
  check((given ?? []).flatMap((one, index) => breaches(`targets.${index + 1}.member.id`, textOf(one, 'Id'), NAME)))
  check(
    (given ?? []).flatMap((one, index) =>
      breaches(`targets.${index + 1}.member.arn`, textOf(one, 'Arn'), { required: true, least: 1, most: 1600 }),
    ),
  )
  await room.store.commit((writer) => {
    const there = ruleOf(writer, textOf(input, 'EventBusName'), rule)
    const wanted = (given ?? []).map(readTarget)
    const targets = new Map<string, Target>(there.targets.map((target) => [target.Id, target]))
    for (const target of wanted) targets.set(target.Id, target)
    if (targets.size > MOST) throw overLimit()
    keepRule(room, writer, { ...there, targets: [...targets.values()].toSorted(byId) })
  })
  return { FailedEntryCount: 0, FailedEntries: [] }
}

export async function removeTargets(room: Room, input: JsonObject): Promise<JsonObject> {
  const rule = requiredText(input, 'Rule')
  const ids = new Set(textsOf(input, 'Ids'))
  checkCount('ids', input.Ids === undefined ? undefined : [...ids])
  await room.store.commit((writer) => {
    const there = ruleOf(writer, textOf(input, 'EventBusName'), rule)
    keepRule(room, writer, { ...there, targets: there.targets.filter(({ Id }) => !ids.has(Id)) })
  })
  return { FailedEntryCount: 0, FailedEntries: [] }
}

export async function listTargetsByRule({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const { targets } = ruleOf(store, textOf(input, 'EventBusName'), requiredText(input, 'Rule'))
  const { page, next } = toPage(targets, ({ Id }) => Id, input)
  return { ...next, Targets: page }
}

const byId = (left: Target, right: Target): number => (left.Id < right.Id ? -1 : 1)

function checkCount(place: string, given: readonly unknown[] | undefined): void {
  const says = (value: string, words: string): string =>
    `Value ${value} at '${place}' failed to satisfy constraint: Member must ${words}`
  if (given === undefined) check([says('null', 'not be null')])
  else if (given.length === 0) check([says("'[]'", 'have length greater than or equal to 1')])
  else if (given.length > MOST_AT_ONCE)
    check([says(`'${JSON.stringify(given)}'`, `have length less than or equal to ${MOST_AT_ONCE}`)])
}
