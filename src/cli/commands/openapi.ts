// `goblet openapi`: the app's routes as an OpenAPI 3.1 document.
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { GRAMMAR } from '../../aws/grammar.ts'
import { problem } from '../../errors.ts'
import { ACCOUNT, REGION } from '../../local/index.ts'
import { defineModel } from '../../model/index.ts'
import { APP_OPTIONS, type Command, ENTRY_ARGUMENT, flagOption, JSON_OPTION, textOption } from '../command.ts'
import { toOpenApi } from '../openapi.ts'
import { placeOf } from '../project.ts'
import { print, printJson } from '../terminal.ts'

export const openapi: Command = {
  name: 'openapi',
  summary: 'write the routes as an OpenAPI 3.1 document',
  examples: ['goblet openapi', 'goblet openapi --out openapi.json', 'goblet openapi --api-version 2.1.0'],
  arguments: [ENTRY_ARGUMENT],
  options: [
    { flag: '--out <file>', summary: 'write it to a file instead of the terminal' },
    { flag: '--api-version <version>', summary: "the document's version of the API", default: '1.0.0' },
    ...APP_OPTIONS,
    JSON_OPTION,
  ],
  run: async (input) => {
    const { openBuild } = await import('../../build/index.ts')
    const { root, entry } = placeOf(input)
    // A folder of its own: `goblet dev` may be building the same project.
    const build = await openBuild({ root, entry, outdir: resolve(root, '.goblet/openapi'), schemas: true })
    const description = await build.discover().finally(() => build.close())
    const place = { stage: textOption(input, 'stage', 'dev'), account: ACCOUNT, region: REGION }
    const model = defineModel(description, place, GRAMMAR)
    const document = toOpenApi(model, description, textOption(input, 'apiVersion', '1.0.0'))
    const out = textOption(input, 'out')
    if (out === '') {
      if (flagOption(input, 'json')) printJson(document)
      else print(JSON.stringify(document, null, 2))
      return 0
    }
    try {
      writeFileSync(resolve(out), `${JSON.stringify(document, null, 2)}\n`)
    } catch (error) {
      throw problem('GOBLET_USAGE', {
        problem: `${out} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
        mend: 'Give --out a file in a folder that exists.',
      })
    }
    print(`Wrote ${out}`)
    return 0
  },
}
