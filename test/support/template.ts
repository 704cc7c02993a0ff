// Apps read for deploying: what their templates are made from, without an account.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GRAMMAR } from '../../src/aws/grammar.ts'
import { openBuild } from '../../src/build/index.ts'
import type { Making } from '../../src/deploy/template/making.ts'
import type { Part, Properties, Template } from '../../src/deploy/template.ts'
import { type Description, defineModel, type Model, type Permissions } from '../../src/model/index.ts'

export const PLACE = { stage: 'dev', account: '123456789012', region: 'eu-central-1' }

const BUCKET = `goblet-artifacts-${PLACE.account}-${PLACE.region}`
const STREAM = `arn:aws:dynamodb:${PLACE.region}:${PLACE.account}:table/there/stream/2026-01-01T00:00:00.000`

/** What a template is made from, with code that nobody has packed. */
export const makingFrom = (model: Model, permissions: Permissions): Making => ({
  model,
  permissions,
  code: new Map(model.functions.map(({ name }) => [name, { bucket: BUCKET, key: `${model.app}/${name}.zip` }])),
  known: {
    tableStreams: new Map(
      model.resources.filter((one) => one.kind === 'table' && one.existing).map(({ name }) => [name, STREAM]),
    ),
    hostedZones: new Map([['example.com', 'Z123']]),
  },
})

/** Reads an app on disk, relative to the repository, with what its functions may do. */
export async function readMaking(folder: string, entry = 'app.ts', place = PLACE): Promise<Making> {
  const root = fileURLToPath(new URL(`../../${folder}`, import.meta.url))
  // In the project, as the command has it: packages that are not bundled are looked for from there.
  const outdir = join(root, `.goblet/template-${process.pid}-${Math.random().toString(36).slice(2)}`)
  const build = await openBuild({ root, entry, outdir })
  try {
    const model = defineModel(await build.discover(), place, GRAMMAR)
    return makingFrom(model, await build.permissions(model))
  } finally {
    await build.close()
    await rm(outdir, { recursive: true, force: true })
  }
}

/** The same of an app that is written down by hand, whose code calls nothing. */
export function describedMaking(description: Description): Making {
  const model = defineModel(description, PLACE, GRAMMAR)
  return makingFrom(model, new Map(model.functions.map(({ name }) => [name, NOTHING])))
}

const NOTHING = { grants: [], warnings: [], errors: [] }

/** The properties of one resource. Throws where there is none. */
export function propertiesOf(template: Template, id: string): Properties {
  const found = template.Resources[id]
  if (found === undefined) throw new Error(`No ${id}; there are: ${Object.keys(template.Resources).join(' ')}`)
  return found.Properties ?? {}
}

/** The resources of one type, by id. */
export const ofType = (template: Template, type: string): Part =>
  Object.fromEntries(Object.entries(template.Resources).filter(([, one]) => one.Type === type))
