// Apps as they leave: what every form of an export is made from, without an account.

import { askedOf, NOWHERE, toPortable } from '../../src/deploy/export/portable.ts'
import { codeBeside, type ExportSource } from '../../src/deploy/export/source.ts'
import { toListeners, toTemplate } from '../../src/deploy/template/compose.ts'
import type { Making } from '../../src/deploy/template/making.ts'
import { FRONTS } from './fronts.ts'
import { makingOf } from './stack.ts'
import { readMaking } from './template.ts'

export interface Leaving {
  readonly folder: string
  readonly entry?: string
}

/** What leaves in these tests: the examples, and an app of everything that a template can hold. */
export const LEAVING: readonly Leaving[] = [
  { folder: 'examples/hello' },
  { folder: 'examples/image-pipeline' },
  { folder: 'examples/everything' },
  { folder: 'examples/websocket-chat' },
  { folder: 'test/fixtures/deploy', entry: 'wide.ts' },
]

/** Reads an app, for anywhere; its zips are named but not there. */
export async function readSource({ folder, entry }: Leaving): Promise<ExportSource> {
  const making = await readMaking(folder, entry, { stage: 'dev', ...NOWHERE })
  return leave(making)
}

/** Apps with everything that each front door can do. */
export const frontSources = (): [string, ExportSource][] =>
  Object.entries(FRONTS).map(([door, model]) => [door, leave(makingOf(model))])

function leave(making: Making): ExportSource {
  const { app, stage, functions } = making.model
  const { known, parameters } = askedOf(making.model)
  const code = new Map(functions.map(({ name }) => [name, codeBeside(`${name}.zip`)]))
  const leaving = { ...making, known, code }
  return { app, stage, template: toPortable(toTemplate(leaving), parameters), listeners: toListeners(leaving) }
}
