// Out to the AWS CDK: an app in TypeScript whose stack holds the same resources, as typed constructs, with the code as assets.
import {
  type ExportFile,
  type ExportSource,
  listenerNotes,
  refuseLarge,
  toJsonText,
  withCode,
  zipOf,
} from './source.ts'

export function toCdk({ app, stage, template, listeners }: ExportSource): ExportFile[] {
  refuseLarge(template, 'the CDK')
  const zips = Object.entries(template.Resources).flatMap(([id, resource]) => {
    const zip = zipOf(resource)
    return zip === undefined ? [] : [[id, zip] as const]
  })
  // Filled in by the app: CloudFormation's own form is what the constructs can read.
  const included = withCode(template, (_, id) => ({ S3Bucket: 'asset', S3Key: id }))
  return [
    { path: 'template.json', text: toJsonText(included) },
    { path: 'app.ts', text: toProgram(`${app}-${stage}`, zips, Object.keys(template.Parameters ?? {})) },
    { path: 'package.json', text: toJsonText(PACKAGE(`${app}-${stage}`)) },
    { path: 'cdk.json', text: toJsonText({ app: 'tsx app.ts' }) },
    { path: 'tsconfig.json', text: toJsonText(CONFIG) },
    {
      path: 'README.md',
      text: toReadme(`${app} (${stage})`, Object.keys(template.Parameters ?? {})) + listenerNotes(listeners),
    },
  ]
}

function toProgram(stack: string, zips: readonly (readonly [string, string])[], parameters: readonly string[]): string {
  const given = parameters.map((name) => `      ${name}: this.node.getContext('${name}'),`)
  return `// The whole app as a stack of the CDK. Take a resource out of template.json when you write it as a construct of your own.
import { App, Stack } from 'aws-cdk-lib'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { Asset } from 'aws-cdk-lib/aws-s3-assets'
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include'

/** The zip of each function, by its logical id. */
const CODE: Record<string, string> = {
${zips.map(([id, zip]) => `  ${id}: './${zip}',`).join('\n')}
}

class AppStack extends Stack {
  /** Every resource of the app by its logical id: \`this.template.getResource('…') as CfnQueue\`. */
  readonly template = new CfnInclude(this, 'Template', {
    templateFile: './template.json',${given.length === 0 ? '' : `\n    parameters: {\n${given.join('\n')}\n    },`}
  })

  constructor(scope: App, id: string) {
    super(scope, id, { analyticsReporting: false })
    for (const [name, path] of Object.entries(CODE)) {
      const { s3BucketName, s3ObjectKey } = new Asset(this, \`\${name}Code\`, { path })
      const made = this.template.getResource(name) as CfnFunction
      made.code = { s3Bucket: s3BucketName, s3Key: s3ObjectKey }
    }
  }
}

new AppStack(new App(), '${stack}')
`
}

const PACKAGE = (name: string): object => ({
  name: `${name}-cdk`,
  private: true,
  type: 'module',
  scripts: { synth: 'cdk synth', deploy: 'cdk deploy' },
  dependencies: { 'aws-cdk-lib': '^2.200.0', constructs: '^10.4.0' },
  devDependencies: { 'aws-cdk': '^2.1000.0', tsx: '^4.20.0', typescript: '^5.9.0' },
})

const CONFIG = {
  compilerOptions: { target: 'es2022', module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true, types: [] },
  include: ['app.ts'],
}

const toReadme = (what: string, parameters: readonly string[]): string => `# ${what} as an AWS CDK app

\`\`\`sh
npm install
npx cdk bootstrap   # once for every account and region
npx cdk deploy${parameters.map((name) => ` --context ${name}=…`).join('')}
\`\`\`

\`template.json\` holds the resources, which the CDK reads as typed constructs; \`code/\` holds the zips of the functions, which
\`cdk deploy\` uploads. Logical ids are those that \`goblet deploy\` gives, so the stack of an app that is deployed already is
updated, not replaced.
`
