// .chalice/config.json as options. Source: Chalice's "Configuration File".
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CodeMap } from '../code.ts'
import { itemsOf, member, type Node, textOf } from '../node.ts'
import type { Report } from '../report.ts'
import { Section } from '../section.ts'
import { plainContext } from '../serverless/context.ts'
import { toPermissions } from '../serverless/iam.ts'
import { layersOf, retentionOf, tagsOf } from '../upkeep.ts'
import { readYaml } from '../yaml.ts'

export interface Config {
  readonly name: string
  readonly app: CodeMap & {
    readonly apiStage?: string
    readonly compress?: number | undefined
    readonly stages?: CodeMap | undefined
  }
  /** What a function has of its own. */
  options(name: string): CodeMap
}

const FILE = '.chalice/config.json'

const KNOWN = {
  noted: {
    version: 'is not needed.',
    profile: 'is not needed: `AWS_PROFILE`, as for every AWS tool.',
    autogen_policy: 'is not needed: permissions are always derived; `permissions` adds to them.',
    manage_iam_role: 'is not needed: `role` names one that is there.',
    automatic_layer: 'is not needed: each function is a bundle of what it reaches.',
    api_gateway_endpoint_type: 'is regional.',
  },
  hand: {
    api_gateway_custom_domain: "is `domain: 'api.example.com'` of app(…).",
    websocket_api_custom_domain: "is `domain: 'ws.example.com'` of the websocket(…).",
    api_gateway_policy_file: 'is not known: ask callers by `auth`.',
    api_gateway_endpoint_vpce: 'is not known.',
  },
}

/** Reads the configuration of one stage; what others have goes to `stages`. */
export function readConfig(folder: string, wanted: string | undefined, report: Report): Config {
  const root = readYaml(readFileSync(join(folder, '.chalice', 'config.json'), 'utf8'), FILE)
  const top = new Section(root, '', root.where, report)
  const given = top.text('app_name') ?? 'app'
  const name =
    given
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^[^a-z]+/, '') || 'app'
  if (name !== given)
    report.hand(
      top.whereOf('app_name'),
      'app_name',
      `\`${given}\` cannot begin names on AWS, so the app is \`${name}\`.`,
    )
  const stages = top.section('stages')
  const stage = wanted ?? (stages.has('dev') ? 'dev' : (stages.keys[0] ?? 'dev'))
  const functions = new Map<string, CodeMap>()
  const base = optionsOf(top, stage, folder, report)
  collect(top, functions, stage, folder, report)
  const others: Record<string, CodeMap> = {}
  let own: CodeMap = {}
  for (const key of stages.keys) {
    const section = stages.section(key)
    const options = optionsOf(section, key, folder, report)
    if (key === stage) {
      own = options
      collect(section, functions, key, folder, report)
    } else {
      if (Object.values(options).some((one) => one !== undefined)) others[key] = options
      if (section.take('lambda_functions') !== undefined)
        section.hand('lambda_functions', 'of a stage that was not imported: a stage’s options hold for all functions.')
    }
    section.close(KNOWN)
  }
  top.close(KNOWN)
  const env = { ...(base.env as CodeMap | undefined), ...(own.env as CodeMap | undefined) }
  // Source: Chalice's own defaults, 128 MB and 60 seconds.
  const app = {
    memory: 128,
    timeout: 60,
    ...given_(base),
    ...given_(own),
    env: Object.keys(env).length === 0 ? undefined : env,
  }
  return {
    name,
    app: { apiStage: 'api', ...app, stages: Object.keys(others).length === 0 ? undefined : others },
    options: (one) => functions.get(one) ?? {},
  }
}

const given_ = (options: CodeMap): CodeMap =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

function collect(section: Section, into: Map<string, CodeMap>, stage: string, folder: string, report: Report): void {
  const all = section.section('lambda_functions')
  for (const key of all.keys) {
    const one = all.section(key)
    const { apiStage: _, ...options } = optionsOf(one, stage, folder, report)
    const concurrency = one.number('reserved_concurrency')
    into.set(key, { ...into.get(key), ...given_(options), concurrency })
    one.close(KNOWN)
  }
}

function optionsOf(section: Section, stage: string, folder: string, report: Report): CodeMap {
  const role = section.text('iam_role_arn')
  const list = (key: string): string[] => itemsOf(section.take(key)).flatMap((one) => textOf(one) ?? [])
  const [subnets, securityGroups] = [list('subnet_ids'), list('security_group_ids')]
  const isRole = role !== undefined && /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(role)
  if (role !== undefined && !isRole)
    section.hand('iam_role_arn', `\`${role}\` is no ARN of a role: write it by hand (\`role\`).`)
  return {
    memory: section.number('lambda_memory_size'),
    timeout: section.number('lambda_timeout'),
    env: toEnv(section.take('environment_variables')),
    vpc: subnets.length > 0 && securityGroups.length > 0 ? { subnets, securityGroups } : undefined,
    tracing: section.flag('xray') === true ? true : undefined,
    logs: retentionOf(section, 'log_retention_in_days'),
    tags: tagsOf(section, 'tags'),
    layers: layersOf(section),
    role: isRole ? role : undefined,
    permissions: isRole ? undefined : toPolicy(section, stage, folder, report),
    apiStage: section.text('api_gateway_stage'),
    compress: section.number('minimum_compression_size'),
  }
}

function toEnv(node: Node | undefined): CodeMap | undefined {
  if (node?.kind !== 'dict') return undefined
  const made = [...node.entries].flatMap(([name, { value }]) => {
    const text = textOf(value)
    return text === undefined ? [] : [[name, text] as [string, string]]
  })
  return made.length === 0 ? undefined : Object.fromEntries(made)
}

/** The policy that somebody wrote by hand, where Chalice was told not to make one. */
function toPolicy(section: Section, stage: string, folder: string, report: Report): CodeMap['permissions'] {
  const named = section.text('iam_policy_file')
  const handmade = section.flag('autogen_policy') === false
  if (named === undefined && !handmade) return undefined
  const file = `.chalice/${named ?? `policy-${stage}.json`}`
  if (!existsSync(join(folder, file))) {
    section.hand('autogen_policy', `${file} is not there.`)
    return undefined
  }
  const policy = readYaml(readFileSync(join(folder, file), 'utf8'), file)
  const made = toPermissions(member(policy, 'Statement'), 'Statement', plainContext(report, folder))
  return made.length === 0 ? undefined : made
}
