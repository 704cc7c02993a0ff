// Out to plain CloudFormation: the template as deploy makes it, its code beside it for `aws cloudformation package` to upload.
import { split } from '../template/split.ts'
import { type ExportFile, type ExportSource, listenerNotes, parameterWords, toJsonText, withCode } from './source.ts'

export function toCloudFormation({ app, stage, template, listeners }: ExportSource): ExportFile[] {
  const local = withCode(template, (zip) => `./${zip}`)
  // `aws cloudformation package` uploads parts as it does code.
  const { template: whole, nested } = split(local, { prefix: '', url: './', previous: undefined })
  const { Metadata: _, ...root } = whole
  const words = parameterWords(template)
  const readme = `# ${app} (${stage}) as CloudFormation

\`template.json\` is the whole app${nested.size === 0 ? '' : `, with ${nested.size} parts of it beside it`}; \`code/\` holds the zips of its functions. It fits every account and region.

\`\`\`sh
# Once: a bucket for the code.
aws s3 mb s3://YOUR-BUCKET
# Upload the code, and write where it is into the template.
aws cloudformation package --template-file template.json --s3-bucket YOUR-BUCKET --use-json --output-template-file packaged.json
# Make it so. The same commands again update it.
aws cloudformation deploy --template-file packaged.json --stack-name ${app}-${stage} --s3-bucket YOUR-BUCKET \\
  --capabilities CAPABILITY_IAM${nested.size === 0 ? '' : ' CAPABILITY_AUTO_EXPAND'}${words === '' ? '' : ` --parameter-overrides${words}`}
\`\`\`

Everything calls a function by its alias \`live\`, which here is always what was deployed last.
Names begin with \`${app}-${stage}-\`, as \`goblet deploy\` gives them: where that has deployed the app already, this is an update
of the same stack.
${listenerNotes(listeners)}`
  return [
    { path: 'template.json', text: toJsonText(root) },
    ...[...nested].map(([path, part]) => ({ path, text: toJsonText(part) })),
    { path: 'README.md', text: readme },
  ]
}
