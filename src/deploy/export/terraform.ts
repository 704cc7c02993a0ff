// Out to Terraform: resources of the AWS provider, one file of JSON, which Terraform reads as it reads HCL.
import type { Properties, Template, TemplateResource, Value } from '../template.ts'
import { isObject } from './portable.ts'
import { type ExportFile, type ExportSource, listenerNotes, toJsonText } from './source.ts'
import { ADDRESSES, FALLBACK } from './terraform-addresses.ts'
import { APIS } from './terraform-apis.ts'
import { DATA } from './terraform-data.ts'
import { FUNCTIONS } from './terraform-functions.ts'
import { MESSAGES } from './terraform-messages.ts'
import {
  type Block,
  expression,
  isCloudControl,
  type Mapped,
  resolve,
  SURROUNDINGS,
  toName,
} from './terraform-values.ts'

/** How each type of resource is said in Terraform. */
export const MAPPINGS: Readonly<Record<string, (mapped: Mapped) => Block[]>> = {
  ...APIS,
  ...DATA,
  ...FUNCTIONS,
  ...MESSAGES,
}

export function toTerraform(source: ExportSource): ExportFile[] {
  return [
    { path: 'main.tf.json', text: toJsonText(toModule(source)) },
    { path: 'README.md', text: toReadme(source) },
  ]
}

/** The module: what `main.tf.json` holds. */
export function toModule({ app, stage, template }: Pick<ExportSource, 'app' | 'stage' | 'template'>): object {
  const blocks = new Map(Object.keys(template.Resources).map((id) => [id, toBlocks(id, template, `${app}-${stage}`)]))
  const all = [...blocks].flatMap(([id, made]) => made.map((one) => withDependencies(one, id, template, blocks)))
  const variables = Object.entries(template.Parameters ?? {}).map(([name, { Description = '' }]) => [
    toName(name),
    { type: 'string', description: Description },
  ])
  const outputs = Object.entries(template.Outputs ?? {}).map(([name, { Description, Value }]) => [
    toName(name),
    { ...(Description === undefined ? {} : { description: Description }), value: resolve(Value, template) },
  ])
  return {
    terraform: {
      required_version: '>= 1.5',
      required_providers: { aws: { source: 'hashicorp/aws', version: providerOf(template) } },
    },
    ...(variables.length === 0 ? {} : { variable: Object.fromEntries(variables) }),
    data: {
      ...Object.fromEntries(SURROUNDINGS.map((one) => [one, { current: {} }])),
      ...grouped(all.filter(({ data }) => data === true)),
    },
    resource: grouped(all.filter(({ data }) => data !== true)),
    ...(outputs.length === 0 ? {} : { output: Object.fromEntries(outputs) }),
  }
}

// The provider takes only runtimes that it knows. Source: its issue 44986: nodejs24.x since 6.19.
const providerOf = ({ Resources }: Template): string =>
  Object.values(Resources).some(({ Properties }) => Properties?.Runtime === 'nodejs24.x') ? '>= 6.19' : '>= 5.100'

function toBlocks(id: string, template: Template, stack: string): Block[] {
  const resource = template.Resources[id]
  if (resource === undefined) return []
  const name = toName(id)
  const properties = resolveAll(resource, template)
  const map = MAPPINGS[resource.Type]
  if (map === undefined || isCloudControl(id, resource)) {
    const desired = { type_name: resource.Type, desired_state: JSON.stringify(properties) }
    return [{ type: FALLBACK, name, body: desired }]
  }
  const [first = ''] = Object.values(ADDRESSES[resource.Type] ?? {})
  const own = (attribute: string): string => expression(`${first.split('.')[0]}.${name}.${attribute}`)
  return map({ id, name, stack, properties, resource, template, own })
}

function resolveAll({ Properties = {} }: TemplateResource, template: Template): Properties {
  const resolved = resolve(Properties, template)
  return isObject(resolved) ? resolved : {}
}

// What CloudFormation waits for without a reference, Terraform has to be told too.
function withDependencies(
  block: Block,
  id: string,
  { Resources }: Template,
  blocks: ReadonlyMap<string, readonly Block[]>,
): Block {
  const waited = (Resources[id]?.DependsOn ?? []).flatMap((one) => blocks.get(one) ?? [])
  if (waited.length === 0 || block.data === true) return block
  return { ...block, body: { ...block.body, depends_on: waited.map(({ type, name }) => `${type}.${name}`) } }
}

function grouped(blocks: readonly Block[]): { [type: string]: { [name: string]: Value } } {
  const types: { [type: string]: { [name: string]: Value } } = {}
  for (const { type, name, body } of [...blocks].sort((left, right) => (left.type < right.type ? -1 : 1)))
    types[type] = { ...types[type], [name]: body }
  return types
}

function toReadme({ app, stage, template, listeners }: ExportSource): string {
  const other = Object.entries(template.Resources).filter(([id, one]) => isCloudControl(id, one))
  const secrets = Object.values(template.Resources).some(
    ({ Type, Properties }) => Type === 'AWS::SecretsManager::Secret' && Properties?.GenerateSecretString !== undefined,
  )
  const words = Object.keys(template.Parameters ?? {}).map((name) => ` -var ${toName(name)}=…`)
  return `# ${app} (${stage}) as Terraform

\`\`\`sh
terraform init
terraform apply${words.join('')}
\`\`\`

\`main.tf.json\` is a module of the AWS provider's own resources, \`code/\` holds the zips of the functions. Credentials and region
come from the environment, or from a \`provider "aws"\` of yours in a file beside it.

- Tables, buckets, streams and secrets have \`prevent_destroy\`: take it out where you mean to lose what they hold.
- What \`goblet deploy\` made is in a CloudFormation stack. Import it (\`terraform import\`) and delete the stack with everything
  retained, or delete the stack first: two hands on one resource undo each other's work.
${secrets ? '- Generated secrets are in the state file, as with everything that Terraform makes: keep it where few can read it.\n' : ''}${other.length === 0 ? '' : `- Made through AWS's Cloud Control API, as the provider has no words for them: ${other.map(([id, { Type }]) => `\`${toName(id)}\` (${Type})`).join(', ')}.\n`}${listenerNotes(listeners)}`
}
