// `goblet image`: writes what a function's container image is built of, and says how.
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import type { ImageContext } from '../../build/index.ts'
import { nearest, problem } from '../../errors.ts'
import type { FunctionModel } from '../../model/index.ts'
import { APP_OPTIONS, type Command, flagOption, type Input, JSON_OPTION, textOption } from '../command.ts'
import { openProject } from '../project.ts'
import { paint, print, printJson } from '../terminal.ts'

export const image: Command = {
  name: 'image',
  summary: "write what a function's container image is built of",
  examples: ['goblet image thumbs', 'goblet image thumbs --out build/thumbs'],
  arguments: [{ name: 'function', summary: 'the function' }],
  options: [{ flag: '--out <folder>', summary: 'where to (default: image/<function>)' }, ...APP_OPTIONS, JSON_OPTION],
  run,
}

async function run(input: Input): Promise<number> {
  const [name = ''] = input.arguments
  const out = resolve(textOption(input, 'out') || join('image', name))
  const { platform, files, compiled } = await read(input, name)
  await write(out, files)
  const shown = relative(process.cwd(), out) || '.'
  if (flagOption(input, 'json')) {
    printJson({ function: name, out, platform, compiled, files: files.map(({ path }) => path).sort() })
    return 0
  }
  print(`${shown} holds ${files.length} files for ${platform}.`)
  if (compiled.length > 0)
    print(`${compiled.join(', ')} ${compiled.length === 1 ? 'is' : 'are'} compiled while the image is built.`)
  // Source: "Create a Lambda function using a container image": Lambda takes no attestations, which buildx adds by itself.
  print(
    paint(
      'dim',
      `docker buildx build --platform ${platform} --provenance=false -t <repository in ECR>:<tag> --push ${shown}`,
    ),
  )
  print("Then name it: `image: '<repository in ECR>:<tag>'` among the options of the function.")
  return 0
}

async function read(input: Input, name: string): Promise<ImageContext> {
  const project = await openProject(input)
  try {
    const { model, bundles } = await project.read()
    const found = pick(name, model.functions)
    const bundle = bundles.functions.get(found.name)
    if (bundle === undefined) throw new Error(`The function ${found.name} was not bundled.`)
    const { toImageContext } = await import('../../build/index.ts')
    const { architecture, runtime } = found
    const fetching = { root: project.root, cache: join(project.root, '.goblet/native') }
    return await toImageContext(bundle, { architecture, runtime }, fetching)
  } finally {
    await project.close()
  }
}

function pick(name: string, functions: readonly FunctionModel[]): FunctionModel {
  const found = functions.find((one) => one.name === name)
  if (found !== undefined) return found
  const known = functions.map((one) => one.name)
  throw problem('GOBLET_NO_FUNCTION', { name, suggestion: nearest(name, known), known: known.join(', ') })
}

async function write(out: string, files: ImageContext['files']): Promise<void> {
  // Chunks of code that has changed since would go into the image.
  await rm(join(out, 'function'), { recursive: true, force: true })
  for (const one of files) {
    const to = join(out, one.path)
    await mkdir(dirname(to), { recursive: true })
    if ('text' in one) await writeFile(to, one.text)
    else {
      await copyFile(one.file, to)
      // Whatever they are here: the image takes the rights as it finds them, and Lambda reads as somebody else.
      await chmod(to, one.isRun ? 0o755 : 0o644)
    }
  }
}
