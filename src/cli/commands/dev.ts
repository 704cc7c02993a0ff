// `goblet dev`: builds the app, runs it on the local cloud, and takes every save.
import { problem } from '../../errors.ts'
import { type IamMode, startCloud } from '../../local/index.ts'
import {
  APP_OPTIONS,
  type Command,
  ENTRY_ARGUMENT,
  flagOption,
  type Input,
  JSON_OPTION,
  STATE_OPTION,
  textOption,
} from '../command.ts'
import { openProject, stateOf } from '../project.ts'
import { openRemoteServices, REMOTE_OPTION } from '../remote.ts'
import { openReporter } from '../reporter.ts'
import { openTidy } from '../tidy.ts'

export const dev: Command = {
  name: 'dev',
  alias: 'local',
  summary: 'run the app on the local cloud, and reload it at every save',
  examples: ['goblet dev', 'goblet dev --port 0 --aws-port 0 --json', 'goblet dev --fresh'],
  arguments: [ENTRY_ARGUMENT],
  options: [
    { flag: '--port <number>', summary: "the app's port; 0 picks a free one", default: '8000' },
    { flag: '--aws-port <number>', summary: 'the port of the AWS services; 0 picks a free one', default: '4566' },
    ...APP_OPTIONS,
    STATE_OPTION,
    { flag: '--fresh', summary: 'throw the kept state away first' },
    {
      flag: '--iam <mode>',
      summary: 'what functions may do: enforce it, warn of the rest, or off',
      default: 'enforce',
    },
    { flag: '--no-watch', summary: 'do not reload' },
    REMOTE_OPTION,
    JSON_OPTION,
  ],
  run: async (input) => {
    const began = performance.now()
    // Lambda's clock is UTC; functions share this process, so the process must be too.
    process.env.TZ = 'UTC'
    const reporter = openReporter(flagOption(input, 'json'))
    const ports = { port: portOf(input, 'port', '--port'), awsPort: portOf(input, 'awsPort', '--aws-port') }
    const iam = iamOf(input)
    const remote = await openRemoteServices(input)
    const project = await openProject(input)
    // esbuild works in a process of its own: what it is asked first, it does while the local cloud is still loading.
    const since = Date.now()
    const reading = project.read()
    // Looked at below; a cloud that does not start must not leave it unhandled.
    reading.catch(() => {})
    const cloud = await startCloud({
      directory: stateOf(input),
      fresh: flagOption(input, 'fresh'),
      ...ports,
      ...(remote === undefined ? {} : { remote }),
    }).catch(async (error: unknown) => {
      await reading.catch(() => {})
      await project.close()
      throw error
    })
    const stopped = untilStopped()
    const { openReloader } = await import('../reload.ts')
    const tidy = openTidy()
    const reloader = openReloader({
      project,
      cloud,
      reporter,
      iam,
      watch: input.options.watch !== false,
      since,
      applied: tidy.soon,
    })
    try {
      const serving = reloader.start(reading).then((serves) => {
        if (!serves) return
        reporter.ready(cloud, performance.now() - began)
        reporter.follow(cloud.journal)
      })
      await Promise.race([stopped, serving])
      await stopped
      reporter.stopping()
    } finally {
      tidy.close()
      await reloader.close()
      await cloud.close()
      await project.close()
    }
    return 0
  },
}

function portOf(input: Input, name: string, flag: string): number {
  const text = textOption(input, name)
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw problem('GOBLET_USAGE', {
    problem: `${flag} ${text} is no port.`,
    mend: 'Give a number from 0 to 65535; 0 picks a free one.',
  })
}

function iamOf(input: Input): IamMode {
  const mode = textOption(input, 'iam')
  if (mode === 'enforce' || mode === 'warn' || mode === 'off') return mode
  throw problem('GOBLET_USAGE', {
    problem: `--iam ${mode} is none of its modes.`,
    mend: 'Write --iam enforce, --iam warn or --iam off.',
  })
}

// The first signal stops in order; a second one ends the process where it stands.
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        resolve()
        process.once(signal, () => process.exit(1))
      })
    }
  })
}
