// Foreign tools that judge the local cloud: whether they are here. Give `{ skip: missing('aws') }` to a test that needs one.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where the browser is. */
export const chromiumPath = (): string => CHROMIUM.find((path) => existsSync(path)) ?? 'chromium'

const ASKS = {
  aws: ['aws', ['--version']],
  chromium: [chromiumPath(), ['--version']],
  boto3: ['python3', ['-c', 'import boto3']],
  'cfn-lint': ['cfn-lint', ['--version']],
  ministack: ['sh', ['-c', 'command -v ministack']],
  python3: ['python3', ['--version']],
  registry: ['npm', ['view', 'sharp', 'version', '--fetch-retries=0', '--fetch-timeout=10000']],
  'sam-translator': ['python3', ['-c', 'import samtranslator']],
  unzip: ['unzip', ['-v']],
  // A folder with aws-cdk-lib in its node_modules: too large to be a dependency.
  cdk: ['test', ['-d', join(process.env.GOBLET_CDK ?? '/nowhere', 'node_modules/aws-cdk-lib')]],
} as const satisfies Record<string, readonly [string, readonly string[]]>

const answers = new Map<string, string | false>()

/** Why the tests that need this tool are skipped, or false when it is here. The runner counts a skip as a failure where judges are required. */
export function missing(tool: keyof typeof ASKS): string | false {
  const known = answers.get(tool)
  if (known !== undefined) return known
  const [program, args] = ASKS[tool]
  const answer = spawnSync(program, args, { stdio: 'ignore' }).status === 0 ? false : `${tool} is not here`
  answers.set(tool, answer)
  return answer
}
