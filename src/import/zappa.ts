// zappa_settings.json: one function behind every path, and the functions of its events. Source: Zappa's README, "Advanced Settings".
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { problem } from '../errors.ts'
import { type CodeMap, quoted, raw } from './code.ts'
import { Draft } from './draft.ts'
import { type Entry, itemsOf, member, type Node, ownOf, textOf } from './node.ts'
import { type Finding, Report } from './report.ts'
import { Section } from './section.ts'
import { plainContext } from './serverless/context.ts'
import { toPermissions } from './serverless/iam.ts'
import { tsconfig } from './setting.ts'
import { layersOf, tagsOf } from './upkeep.ts'
import { readYaml } from './yaml.ts'

const KNOWN = {
  noted: {
    s3_bucket: 'is not needed: `goblet deploy` makes its own.',
    profile_name: 'is not needed: `AWS_PROFILE`, as for every AWS tool.',
    runtime: 'is Node.js.',
    aws_region: 'is `AWS_REGION`, as for every AWS tool.',
    slim_handler: 'is not needed: bundles are small.',
    exclude: 'is not needed: each function is a bundle of what it reaches.',
    exclude_glob: 'is not needed: each function is a bundle of what it reaches.',
    include: 'is not needed: each function is a bundle of what it reaches.',
    use_precompiled_packages: 'is not needed.',
    binary_support: 'is not needed: every answer may be binary.',
    keep_warm: 'is `warm: 4` of a function, if it is needed at all: bundles start fast.',
    keep_warm_expression: 'is `warm` of a function, in minutes.',
    log_level: 'is not known.',
    manage_roles: 'is not needed: each function has a role of its own.',
    debug: 'is `debug` of a stage: answers of failed requests carry the stack.',
    touch: 'is not needed.',
    touch_path: 'is not needed.',
    num_retained_versions: 'is not needed.',
    delete_local_zip: 'is not needed.',
    delete_s3_zip: 'is not needed.',
    async_source: 'is not needed: `start` of a lambda(…) calls it without waiting.',
    async_resources: 'is not needed.',
    app_type: 'is not needed.',
    project_name: 'was read.',
    lambda_description: 'is not kept.',
    apigateway_description: 'is not kept.',
    apigateway_version: 'is an HTTP API.',
    settings_file: 'is not needed.',
    django_settings: 'is for Django: the app has to be written in TypeScript.',
    extends: 'was read.',
  },
  hand: {
    domain: "is `domain: 'api.example.com'` of app(…).",
    certificate_arn: 'belongs to a domain.',
    base_path: 'is not known: paths begin at the root.',
    authorizer: 'is not known: declare an authorizer(…), and name it as `auth`.',
    cognito: 'are triggers of a user pool, which are not known.',
    async_response_table: 'is not known: keep results in a table(…).',
    remote_env: 'reads variables from a bucket: use `env`, `param(…)` or `secret(…)`.',
    callbacks: 'are Python that is run while deploying.',
    prebuild_script: 'is Python that is run while deploying.',
    exception_handler: 'is `onError` of app(…).',
    attach_policy: 'is a file with a policy: say what it allows in `permissions`.',
    assume_policy: 'is not known.',
    role_name: 'is not known: name the role by its ARN (`role`).',
    alb_enabled: 'is not known: Goblet has API Gateway and function URLs.',
    function_url_enabled: "is `api: 'url'` of app(…).",
    efs_config: 'is not known.',
    snap_start: 'is not known: Node.js has none.',
    websocket_handler_module: 'is a websocket(…) with its handlers.',
    context_header_mappings: 'is not known: read `event.requestContext`.',
  },
}

const EVENTS: Readonly<Record<string, { readonly kind: string; readonly method: string }>> = {
  s3: { kind: 'bucket', method: 'onCreated' },
  sns: { kind: 'topic', method: 'onMessage' },
  sqs: { kind: 'queue', method: 'onMessage' },
  kinesis: { kind: 'stream', method: 'onRecord' },
  dynamodb: { kind: 'table', method: 'onChange' },
}

/** What an import of Zappa's settings gives. */
export function importZappa(
  file: string,
  wanted?: string,
): { files: Record<string, string>; findings: readonly Finding[]; title: string } {
  const report = new Report()
  const folder = dirname(file)
  const tree = readYaml(readFileSync(file, 'utf8'), basename(file))
  if (tree.kind !== 'dict') throw problem('GOBLET_BAD_IMPORT', { problem: 'it is no map of stages' }, tree.where)
  const names = [...tree.entries.keys()]
  const stage = wanted ?? (tree.entries.has('dev') ? 'dev' : (names[0] ?? 'dev'))
  const read = (name: string): Section =>
    new Section(extended(tree, name), name, tree.entries.get(name)?.where ?? tree.where, report)
  if (!tree.entries.has(stage))
    throw problem('GOBLET_BAD_IMPORT', { problem: `it has no stage ${stage}: ${names.join(', ')}` }, tree.where)
  const section = read(stage)
  const draft = new Draft()
  const name =
    (section.text('project_name') ?? basename(folder))
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^[^a-z]+/, '') || 'app'
  const own = optionsOf(section, report)
  const options = {
    ...own,
    memory: own.memory ?? 512,
    timeout: own.timeout ?? 30,
    permissions: permissionsOf(section, folder, report),
  }
  readRoutes(section, draft)
  for (const [index, event] of itemsOf(section.take('events')).entries())
    readEvent(new Section(event, `${stage}.events[${index}]`, event.where, report), draft)
  section.close(KNOWN)
  const others = names
    .filter((one) => one !== stage && /^[a-z][a-z0-9-]*$/.test(one))
    .map((one): [string, CodeMap] => [one, differing(options, optionsOf(read(one), new Report()))])
  const some = others.filter(([, value]) => Object.values(value).some((one) => one !== undefined))
  draft.app(name, { ...options, stages: some.length === 0 ? undefined : Object.fromEntries(some) })
  const title = `${name}, from ${basename(file)}`
  const files = draft.toFiles(
    `// ${title}: what Zappa served stands here with its options, to be written in TypeScript. goblet-import.md tells the rest.`,
  )
  return {
    files: existsSync(join(folder, 'tsconfig.json')) ? files : { ...files, 'tsconfig.json': tsconfig },
    findings: report.findings,
    title,
  }
}

/** A stage with what it `extends`, its own on top. */
function extended(tree: Node, name: string, seen: readonly string[] = []): Node | undefined {
  const own = member(tree, name)
  const base = textOf(member(own, 'extends'))
  if (own?.kind !== 'dict' || base === undefined || seen.includes(base)) return own
  const from = extended(tree, base, [...seen, name])
  return from?.kind === 'dict' ? { ...own, entries: new Map<string, Entry>([...from.entries, ...own.entries]) } : own
}

function optionsOf(section: Section, report: Report): CodeMap {
  const env: Record<string, string> = {}
  for (const key of ['environment_variables', 'aws_environment_variables']) {
    const node = section.take(key)
    for (const [name, { value }] of node?.kind === 'dict' ? node.entries : []) env[name] = textOf(value) ?? ''
  }
  const vpc = section.section('vpc_config')
  const list = (key: string): string[] => itemsOf(vpc.take(key)).flatMap((one) => textOf(one) ?? [])
  const [subnets, securityGroups] = [list('SubnetIds'), list('SecurityGroupIds')]
  const storage = section.section('ephemeral_storage')
  const role = section.text('role_arn')
  const isRole = role !== undefined && /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(role)
  if (role !== undefined && !isRole) section.hand('role_arn', `\`${role}\` is no ARN of a role, and was left out.`)
  const cors = section.take('cors')
  if (cors !== undefined && textOf(cors) === undefined)
    report.hand(cors.where, section.pathOf('cors'), 'is `cors: { origins, headers, … }` of app(…): `true` was written.')
  return {
    memory: section.number('memory_size'),
    timeout: section.number('timeout_seconds'),
    ephemeralStorage: storage.number('Size'),
    architecture: itemsOf(section.take('architecture')).some((one) => textOf(one) === 'arm64') ? undefined : 'x86_64',
    env: Object.keys(env).length === 0 ? undefined : env,
    vpc: subnets.length > 0 && securityGroups.length > 0 ? { subnets, securityGroups } : undefined,
    tracing: section.flag('xray_tracing') === true ? true : undefined,
    tags: tagsOf(section, 'tags'),
    layers: layersOf(section),
    role: isRole ? role : undefined,
    cors: cors === undefined || textOf(cors) === 'false' ? undefined : true,
  }
}

function permissionsOf(section: Section, folder: string, report: Report): CodeMap['permissions'] {
  const made = toPermissions(
    section.take('extra_permissions'),
    section.pathOf('extra_permissions'),
    plainContext(report, folder),
  )
  return made.length === 0 ? undefined : made
}

function differing(base: CodeMap, other: CodeMap): CodeMap {
  const { memory, timeout, env } = other
  return {
    memory: memory === base.memory ? undefined : memory,
    timeout: timeout === base.timeout ? undefined : timeout,
    env: JSON.stringify(env) === JSON.stringify(base.env) ? undefined : env,
  }
}

/** The web app behind every path. */
function readRoutes(section: Section, draft: Draft): void {
  if (section.flag('apigateway_enabled') === false) return
  const app = section.text('app_function') ?? section.text('app_module') ?? 'the app'
  const auth = section.flag('iam_authorization') === true ? raw('iam()') : undefined
  if (section.flag('api_key_required') === true)
    section.hand('api_key_required', "needs a REST API: `api: 'rest'` of app(…), and `apiKey: true` of routes.")
  for (const [name, path] of [
    ['web', '/{proxy+}'],
    ['root', '/'],
  ] as const)
    draft.declare(draft.name(name), 'route', [`ANY ${path}`, { auth }, draft.stub(app)])
  section.hand(
    'app_function',
    `\`${app}\` is a Python app: its routes are stand-ins that answer 501. An app in Node.js is hosted as it is by ${quoted('mount')}.`,
  )
}

function readEvent(event: Section, draft: Draft): void {
  const handler = event.text('function') ?? 'handler'
  const name = handler.split('.').at(-1) ?? handler
  const rates = [...itemsOf(event.take('expression')), ...itemsOf(event.take('expressions'))].flatMap(
    (one) => textOf(one) ?? [],
  )
  for (const [index, rate] of rates.entries()) {
    const local = draft.name(rates.length === 1 ? name : `${name}${index + 1}`)
    draft.declare(local, 'schedule', [rate, draft.stub(handler)])
    event.report.mapped(event.where, event.path, `\`${local}\`: schedule('${rate}')`)
  }
  const source = event.section('event_source')
  const arn = source.text('arn')
  if (arn !== undefined) readSource(arn, { name, handler }, source, draft)
  event.text('name')
  event.text('description')
  event.close({ noted: { enabled: 'is always true.', kwargs: 'are not given: a schedule has `input`.' } })
}

function readSource(
  arn: string,
  { name, handler }: { name: string; handler: string },
  source: Section,
  draft: Draft,
): void {
  const service = arn.split(':')[2] ?? ''
  const found = ownOf(EVENTS, service)
  const batchSize = source.number('batch_size')
  const filters = itemsOf(source.take('key_filters'))
  const part = (type: string): string | undefined =>
    filters
      .map((one) => (textOf(member(one, 'type')) === type ? textOf(member(one, 'value')) : undefined))
      .find((one) => one !== undefined)
  const horizon = source.text('starting_position') === 'TRIM_HORIZON'
  const events = itemsOf(source.take('events')).flatMap((one) => textOf(one)?.replace(/^s3:/, '') ?? [])
  source.take('enabled')
  source.close({})
  const given = arn
    .split(':')
    .slice(5)
    .join(':')
    .replace(/^(?:table|stream)\//, '')
    .replace(/\/stream\/.*$/, '')
  if (found === undefined || given === '') {
    source.report.lost(source.where, source.path, `\`${arn}\` is no source that is known here.`)
    return
  }
  const local = draft.name(given)
  const key = found.kind === 'table' ? { key: 'id' } : {}
  draft.declare(local, found.kind, [given, { existing: true, ...key }])
  if (found.kind === 'table')
    source.report.hand(
      source.where,
      source.path,
      `the key of the table ${given} is not known here: \`key: 'id'\` was written.`,
    )
  const method =
    found.kind === 'bucket' && events.join() !== 'ObjectCreated:*' && events.length > 0 ? 'on' : found.method
  const options: CodeMap = {
    batchSize,
    from: horizon ? 'horizon' : undefined,
    prefix: part('prefix'),
    suffix: part('suffix'),
  }
  const trigger = draft.name(name)
  draft.declare(trigger, `${local}.${method}`, [...(method === 'on' ? [events] : []), options, draft.stub(handler)])
  source.report.mapped(source.where, source.path, `\`${trigger}\`: ${local}.${method}`)
}
