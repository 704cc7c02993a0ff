// What every form of an export is made from: one template, and where the code of its functions lies beside it.
import { problem } from '../../errors.ts'
import type { BucketListener } from '../deployment.ts'
import type { CodePlace } from '../making.ts'
import type { Properties, Template, TemplateResource, Value } from '../template.ts'
import { isObject } from './portable.ts'

export interface ExportSource {
  readonly app: string
  readonly stage: string
  /** Fits every account and region. A function's code is at `Code.S3Key`, relative to the export. */
  readonly template: Template
  readonly listeners: readonly BucketListener[]
}

export interface ExportFile {
  readonly path: string
  readonly text: string
}

/** The bucket of code that is no bucket: a file of the export. */
const BESIDE = 'beside-the-template'

/** Where the code of a function lies; its key is a path below the export's folder. */
export const codeBeside = (file: string): CodePlace => ({ bucket: BESIDE, key: `code/${file}` })

/** The path of a function's zip; undefined of what is no function, or whose code is elsewhere. */
export function zipOf({ Type, Properties }: TemplateResource): string | undefined {
  const code = Properties?.Code
  if (Type !== 'AWS::Lambda::Function' || !isObject(code) || code.S3Bucket !== BESIDE) return undefined
  return typeof code.S3Key === 'string' ? code.S3Key : undefined
}

/** The template with other words for where code is. */
export function withCode(template: Template, toCode: (zip: string, id: string) => Value): Template {
  const resources = Object.entries(template.Resources).map(([id, resource]) => {
    const zip = zipOf(resource)
    return [id, zip === undefined ? resource : withProperty(resource, 'Code', toCode(zip, id))] as const
  })
  return { ...template, Resources: Object.fromEntries(resources) }
}

const withProperty = (resource: TemplateResource, name: string, value: Value): TemplateResource => {
  const properties: Properties = { ...resource.Properties, [name]: value }
  return { ...resource, Properties: properties }
}

// Source: "Understand CloudFormation quotas".
const RESOURCES = 500

/** Refuses what a form with one template cannot hold. */
export function refuseLarge({ Resources }: Template, format: string): void {
  const count = Object.keys(Resources).length
  if (count > RESOURCES)
    throw problem('GOBLET_USAGE', {
      problem: `The app has ${count} resources, and ${format} puts them into one template, which takes ${RESOURCES}.`,
      mend: 'Take --format cloudformation, which makes parts of it, or --format terraform.',
    })
}

export const toJsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** The words that give a template's parameters to a command, to be filled in. */
export const parameterWords = ({ Parameters = {} }: Template): string =>
  Object.keys(Parameters)
    .map((name) => ` ${name}=…`)
    .join('')

/** What no template can say, as the one command that says it. */
export function listenerNotes(listeners: readonly BucketListener[]): string {
  if (listeners.length === 0) return ''
  const buckets = [...new Set(listeners.map(({ bucket }) => bucket))]
  const lists = buckets.map((bucket) => {
    const all = listeners.filter((one) => one.bucket === bucket)
    return `- \`${bucket}\`: ${all.map((one) => `${one.events.join(', ')} of \`${one.prefix}*${one.suffix}\` to \`${one.function}\``).join('; ')}`
  })
  return `
## Buckets that were there before

These buckets are not the app's, so nothing here changes them. Add these notifications to them
(\`aws s3api put-bucket-notification-configuration\` replaces all that a bucket has: read them first):

${lists.join('\n')}
`
}
