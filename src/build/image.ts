// What a container image of a function is built of. Docker is not run here: whoever builds the image does.

import { chooseNative, findNative } from './native.ts'
import type { Placed } from './native-closure.ts'
import type { Fetching } from './native-fetch.ts'
import { isRun } from './native-files.ts'
import type { Packable } from './pack.ts'
import { cpuOf, type Platform } from './platform.ts'

/** A file of the context: made here, or copied from where it lies. */
export type ContextFile =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly file: string; readonly isRun: boolean }

export interface ImageContext {
  /** As Docker says: `linux/arm64`. */
  readonly platform: string
  readonly files: readonly ContextFile[]
  /** Packages that are compiled while the image is built, as nobody has compiled them for the platform: `name@version`. */
  readonly compiled: readonly string[]
}

/** Throws GOBLET_NATIVE_FETCH for packages that could not be fetched for the platform. */
export async function toImageContext(bundle: Packable, platform: Platform, fetching: Fetching): Promise<ImageContext> {
  const found = await findNative(bundle, platform, fetching)
  const native = chooseNative(found, platform)
  const isReady = native.problems.length === 0
  const placed = [...found.closure.placed.values()]
  const compiled = isReady ? [] : bundle.native.map((name) => pinned(name, placed)).sort()
  const shipped = [...bundle.files, ...(isReady ? native.files : [])].map(({ path, file }): ContextFile => {
    return { path: `function/${path}`, file, isRun: isRun(path, file) }
  })
  const manifest = { private: true, dependencies: Object.fromEntries(compiled.map(splitPin)) }
  return {
    platform: `linux/${cpuOf(platform) === 'arm64' ? 'arm64' : 'amd64'}`,
    files: [
      { path: 'Dockerfile', text: dockerfile(platform, isReady) },
      ...(isReady ? [] : [{ path: 'package.json', text: `${JSON.stringify(manifest, null, 2)}\n` }]),
      ...shipped,
    ],
    compiled,
  }
}

const pinned = (name: string, placed: readonly Placed[]): string =>
  `${name}@${placed.find((one) => one.path === `node_modules/${name}`)?.version ?? 'latest'}`

const splitPin = (pin: string): [string, string] => [
  pin.slice(0, pin.lastIndexOf('@')),
  pin.slice(pin.lastIndexOf('@') + 1),
]

// Sources: "Deploy Node.js Lambda functions with container images"; its images are of Amazon Linux 2023, whose dnf is microdnf.
function dockerfile({ runtime }: Platform, isReady: boolean): string {
  const base = `public.ecr.aws/lambda/nodejs:${/\d+/.exec(runtime)?.[0] ?? '24'}`
  const packages = `FROM ${base} AS packages
RUN dnf install -y gcc-c++ make python3 && dnf clean all
WORKDIR /packages
COPY package.json ./
RUN npm install --omit=dev --no-audit --no-fund

`
  const installed = 'COPY --from=packages /packages/node_modules $' + '{LAMBDA_TASK_ROOT}/node_modules\n'
  return `${isReady ? '' : packages}FROM ${base}
${isReady ? '' : installed}COPY function/ $\{LAMBDA_TASK_ROOT}/
CMD ["index.handler"]
`
}
