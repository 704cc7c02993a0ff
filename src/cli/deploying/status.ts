// Runs `goblet status`.
import { type FunctionStatus, type Status, statusOf, worded } from '../../deploy/index.ts'
import { flagOption, type Input } from '../command.ts'
import { paint, print, printJson, toTable } from '../terminal.ts'
import { toPlaceHead, withModel } from './deployment.ts'
import { toUrlFacts, toUrlLines, urlsFrom } from './report.ts'

export const runStatus = (input: Input): Promise<number> =>
  worded(() =>
    withModel(input, async (session, model) => {
      const { clients, caller } = session
      const stack = `${model.app}-${model.stage}`
      const asked = { stack, functions: model.functions, account: caller.account }
      const found = await statusOf(clients, asked, { drift: flagOption(input, 'drift') })
      const urls = urlsFrom(found.stack?.outputs ?? new Map(), model, clients.endpoint)
      if (flagOption(input, 'json')) printJson({ ...toFacts(found), urls: toUrlFacts(urls) })
      else {
        print(toPlaceHead(session, stack))
        print(`\n${[...toLines(found), ...toUrlLines(urls)].join('\n').trimEnd()}`)
      }
      return found.stack === undefined ? 1 : 0
    }),
  )

const weightsOf = ({ weights }: FunctionStatus): string =>
  [...weights].map(([version, share]) => `${Math.round(share * 1000) / 10} % to ${version}`).join(', ')

function toLines(found: Status): string[] {
  const { stack, last, functions, holder, missing, drift } = found
  if (stack === undefined) return ['Nothing is deployed. `goblet deploy` does.']
  const isFine = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(stack.status)
  const lines = [
    `stack  ${paint(isFine ? 'green' : 'yellow', stack.status)}${stack.reason === '' ? '' : ` ${stack.reason}`}`,
    ...(last === undefined ? [] : [`last   ${last.when.toISOString()}${last.by === '' ? '' : ` by ${last.by}`}`]),
    ...(holder === undefined
      ? []
      : [`held   by ${holder.who} on ${holder.host} since ${holder.since}: ${holder.command}`]),
  ]
  const rows = functions.map((one) => [
    one.name,
    one.version === undefined ? 'not there' : one.version === '$LATEST' ? 'not published' : `version ${one.version}`,
    [one.state ?? '', weightsOf(one), one.concurrency === undefined ? '' : `concurrency ${one.concurrency}`]
      .filter((word) => word !== '')
      .join(', '),
  ])
  const wrong = [
    ...missing.map((id) => `${id} was deleted by another hand.`),
    ...functions.flatMap(({ name, changed }) => changed.map((one) => `${name} was changed by another hand: ${one}.`)),
    ...(drift ?? []).map(
      (one) =>
        `${one.id} (${one.name}) ${one.status === 'DELETED' ? 'is gone' : `differs in ${one.properties.join(', ')}`}.`,
    ),
  ]
  const mend =
    wrong.length === 0
      ? []
      : ['', ...wrong.map((line) => `${paint('yellow', '!')} ${line}`), ...mendsOf(found).map((line) => `  ${line}`)]
  const clean = drift !== undefined && wrong.length === 0 ? ['', 'Everything is as the template says.'] : []
  return [
    ...lines,
    '',
    ...(rows.length === 0
      ? []
      : [
          ...toTable(rows)
            .split('\n')
            .map((row) => row.trimEnd()),
          '',
        ]),
    ...mend,
    ...clean,
    '',
  ].filter((line, index, all) => line !== '' || all[index - 1] !== '')
}

function mendsOf({ functions, missing, drift = [] }: Status): string[] {
  const isOff = missing.length > 0 || functions.some(({ changed }) => changed.length > 0)
  const isGone = drift.some(({ status }) => status === 'DELETED')
  const differs = drift.some(({ status }) => status !== 'DELETED')
  return [
    ...(isOff ? ['`goblet deploy` puts functions right.'] : []),
    ...(isGone ? ['`goblet deploy --drift` makes again what is gone.'] : []),
    ...(differs ? ['What differs stays so until its declaration changes; change it back where it was changed.'] : []),
  ]
}

function toFacts({ stack, last, functions, holder, missing, drift }: Status): object {
  return {
    stack: stack === undefined ? null : { name: stack.name, status: stack.status, reason: stack.reason },
    last: last === undefined ? null : { when: last.when.toISOString(), by: last.by },
    functions: functions.map((one) => ({ ...one, weights: Object.fromEntries(one.weights) })),
    holder: holder ?? null,
    missing,
    ...(drift === undefined ? {} : { drift }),
  }
}
