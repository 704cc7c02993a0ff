// EventBridge: the buses that entries name, rules on a bus of their own or the default one.
// Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
import { arnOf, byName, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, items, named, orUntold, said, type Text, texts } from '../text.ts'
import type { Value } from '../value.ts'
import { passRoles } from './pass-role.ts'

const DEFAULT: Text = { pattern: 'default', told: true }

/** The buses that these values name; the default one where they name none. */
function toBuses(input: Input, values: readonly Value[]): readonly Resource[] {
  const none = values.some((value) => value.kind === 'known' && (value.value === undefined || value.value === null))
  return byName(input, 'events', 'event-bus/', [...texts(values), ...(none ? [DEFAULT] : [])])
}

const putEvents: Rule = (input) => {
  const entries = items(at(input.value, 'Entries'))
  const buses =
    entries.length === 0
      ? byName(input, 'events', 'event-bus/', [{ pattern: '*', told: false }])
      : entries.flatMap((entry) => toBuses(input, at(entry, 'EventBusName')))
  return [need('events:PutEvents', buses)]
}

/** `rule/<name>` on the default bus, `rule/<bus>/<name>` on any other. */
function toRules(input: Input): readonly Resource[] {
  const values = at(input.value, 'EventBusName')
  const buses = said(input.value, 'EventBusName').flatMap((bus) => (bus.told ? [bus] : [bus, DEFAULT]))
  const left = values.some((value) => value.kind === 'known' && (value.value === undefined || value.value === null))
  const rules = orUntold(said(input.value, 'Name', 'Rule'))
  return rules.flatMap(({ pattern, told }) =>
    (buses.length === 0 || left ? [...buses, DEFAULT] : buses).map((bus) => {
      const of = isArn(bus.pattern) ? bus.pattern.replace(/^.*event-bus\//, '') : bus.pattern
      return {
        arn: arnOf(input.place, 'events', of === 'default' ? `rule/${pattern}` : `rule/${of}/${pattern}`),
        exact: told,
      }
    }),
  )
}

/** A target with a role is called as that role. */
const putTargets: Rule = (input) => [
  need('events:PutTargets', toRules(input)),
  ...passRoles(
    input,
    'events.amazonaws.com',
    items(at(input.value, 'Targets'))
      .filter((one) => one.kind === 'object')
      .flatMap((target) => at(target, 'RoleArn')),
  ),
]

const putRule: Rule = (input) => [
  need('events:PutRule', toRules(input)),
  ...passRoles(
    input,
    'events.amazonaws.com',
    at(input.value, 'RoleArn').filter((one) => one.kind !== 'unknown'),
  ),
]

export const eventbridge: Service = {
  finders: {
    'rule-on-default-event-bus': toRules,
    'rule-on-custom-event-bus': () => [],
    'event-bus': (input) => byName(input, 'events', 'event-bus/', named(input, 'Name')),
    'event-busv2': () => [],
  },
  rules: { PutEvents: putEvents, PutRule: putRule, PutTargets: putTargets },
}
