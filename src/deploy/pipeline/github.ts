// GitHub Actions: a workflow that plans pull requests, gives each a stage of its own, and deploys the branch.
import { commandsOf, type PipelineProject, wordsOf } from './project.ts'

// By major version, as their makers move those tags: fixes arrive by themselves.
const CHECKOUT = 'actions/checkout@v6'
const NODE = 'actions/setup-node@v6'
const CREDENTIALS = 'aws-actions/configure-aws-credentials@v6'

/** What GitHub puts there. */
function expression(text: string): string {
  return `\${{ ${text} }}`
}

// The number is GitHub's own; nothing else of an event comes near a shell.
const PREVIEW = `pr-${expression('github.event.number')}`
const OWN = 'github.event.pull_request.head.repo.full_name == github.repository'

/** The workflow's text. It holds no secret: each job gets short-lived credentials for a role of its own. */
export function toWorkflow(project: PipelineProject): string {
  const { app, branch, folder, region } = project
  return `${[
    `# Made by \`goblet pipeline github\`. Yours to change.`,
    '# The roles are made by pipeline/github-roles.json; their ARNs are repository variables (Settings, Actions, Variables).',
    `name: ${app}`,
    '',
    'on:',
    '  push:',
    `    branches: [${quote(branch)}]`,
    ...pathsOf(folder),
    '  pull_request:',
    '    types: [opened, synchronize, reopened, closed]',
    ...pathsOf(folder),
    '',
    '# Nothing, unless a job says so.',
    'permissions: {}',
    '',
    'env:',
    `  AWS_REGION: ${region}`,
    ...(folder === '' ? [] : ['', 'defaults:', '  run:', `    working-directory: ${quote(folder)}`]),
    '',
    'jobs:',
    ...test(project),
    '',
    ...plan(project),
    '',
    ...preview(project),
    '',
    ...unpreview(project),
    '',
    ...deploy(project),
  ].join('\n')}\n`
}

// Of several apps in one repository, only those are deployed that were changed.
const pathsOf = (folder: string): string[] => (folder === '' ? [] : [`    paths: [${quote(`${folder}/**`)}]`])

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`

interface Job {
  readonly name: string
  readonly needs?: string
  readonly condition: string
  readonly permissions: readonly string[]
  /** Jobs of one group wait for each other: two pushes queue. */
  readonly group?: string
}

function head({ name, needs, condition, permissions, group }: Job): string[] {
  return [
    `  ${name}:`,
    ...(needs === undefined ? [] : [`    needs: ${needs}`]),
    `    if: ${condition}`,
    '    runs-on: ubuntu-latest',
    '    timeout-minutes: 30',
    '    permissions:',
    ...permissions.map((one) => `      ${one}`),
    ...(group === undefined
      ? []
      : [
          '    concurrency:',
          `      group: ${group}`,
          '      # Cancelled in the middle, a deploy would be half done.',
          '      cancel-in-progress: false',
        ]),
    '    steps:',
  ]
}

function setup(project: PipelineProject): string[] {
  const { installer, locked, node, folder } = project
  const { before, install } = commandsOf(project)
  const lock = { npm: 'package-lock.json', pnpm: 'pnpm-lock.yaml', yarn: 'yarn.lock' }[installer]
  return [
    `      - uses: ${CHECKOUT}`,
    '        with:',
    '          persist-credentials: false',
    ...before.map((one) => `      - run: ${one}`),
    `      - uses: ${NODE}`,
    '        with:',
    `          node-version: ${quote(node)}`,
    ...(locked
      ? [
          `          cache: ${installer}`,
          ...(folder === '' ? [] : [`          cache-dependency-path: ${quote(`${folder}/${lock}`)}`]),
        ]
      : []),
    `      - run: ${install}`,
  ]
}

const signIn = (role: string): string[] => [
  `      - uses: ${CREDENTIALS}`,
  '        with:',
  `          role-to-assume: ${expression(`vars.${role}`)}`,
  `          aws-region: ${expression('env.AWS_REGION')}`,
]

function step(name: string, lines: readonly string[], environment: readonly string[] = []): string[] {
  return [
    `      - name: ${name}`,
    ...(environment.length === 0 ? [] : ['        env:', ...environment.map((one) => `          ${one}`)]),
    ...(lines.length === 1
      ? [`        run: ${lines[0]}`]
      : ['        run: |', ...lines.map((one) => `          ${one}`)]),
  ]
}

const READ = 'contents: read'
const TOKEN = 'id-token: write'

function test(project: PipelineProject): string[] {
  const { run, test } = commandsOf(project)
  const { lockedStage } = project
  return [
    ...head({ name: 'test', condition: "github.event.action != 'closed'", permissions: [READ] }),
    ...setup(project),
    `      - run: ${test}`,
    ...(lockedStage === undefined
      ? []
      : step('Hold the permissions against iam.lock.json', [
          `${run} goblet policy --check ${wordsOf(project, lockedStage)}`,
        ])),
  ]
}

function plan(project: PipelineProject): string[] {
  const { app, stage } = project
  const { run } = commandsOf(project)
  const mark = `<!-- goblet plan ${app} ${stage} -->`
  return [
    ...head({
      name: 'plan',
      // A fork's pull request gets no credentials.
      condition: `github.event_name == 'pull_request' && github.event.action != 'closed' && ${OWN}`,
      permissions: [READ, TOKEN, 'pull-requests: write'],
    }),
    ...setup(project),
    ...signIn('GOBLET_PLAN_ROLE'),
    ...step(
      'Plan',
      [
        'status=0',
        `${run} goblet plan ${wordsOf(project, stage)} > plan.txt 2>&1 || status=$?`,
        'cat plan.txt',
        `{ echo '${mark}'; echo '### What merging this changes in ${stage}'; echo '\`\`\`'; head -c 60000 plan.txt; echo '\`\`\`'; } > comment.md`,
        'cat comment.md >> "$GITHUB_STEP_SUMMARY"',
        'comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"',
        `id=$(gh api --paginate "$comments" --jq '.[] | select(.body | startswith("${mark}")) | .id' | head -n 1)`,
        'if [ -n "$id" ]; then',
        '  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F body=@comment.md',
        'else',
        '  gh api --silent "$comments" -F body=@comment.md',
        'fi',
        'exit $status',
      ],
      [`GH_TOKEN: ${expression('github.token')}`, `NUMBER: ${expression('github.event.number')}`],
    ),
  ]
}

function preview(project: PipelineProject): string[] {
  const { run } = commandsOf(project)
  return [
    ...head({
      name: 'preview',
      needs: 'test',
      condition: `github.event_name == 'pull_request' && github.event.action != 'closed' && ${OWN}`,
      permissions: [READ, TOKEN],
      group: `${project.app}-${PREVIEW}`,
    }),
    ...setup(project),
    ...signIn('GOBLET_PREVIEW_ROLE'),
    ...step(
      'Deploy a stage for this pull request',
      [
        `${run} goblet deploy ${wordsOf(project, '"$STAGE"')}`,
        `{ echo '### The stage of this pull request'; ${run} goblet url ${wordsOf(project, '"$STAGE"')}; } >> "$GITHUB_STEP_SUMMARY"`,
      ],
      [`STAGE: ${PREVIEW}`],
    ),
  ]
}

function unpreview(project: PipelineProject): string[] {
  const { run } = commandsOf(project)
  return [
    ...head({
      name: 'remove-preview',
      condition: `github.event_name == 'pull_request' && github.event.action == 'closed' && ${OWN}`,
      permissions: [READ, TOKEN],
      group: `${project.app}-${PREVIEW}`,
    }),
    ...setup(project),
    ...signIn('GOBLET_PREVIEW_ROLE'),
    ...step(
      'Delete the stage, with all its data',
      [`${run} goblet delete ${wordsOf(project, '"$STAGE"')} --data --yes`],
      [`STAGE: ${PREVIEW}`],
    ),
  ]
}

function deploy(project: PipelineProject): string[] {
  const { app, stage, lockedStage } = project
  const { run } = commandsOf(project)
  return [
    ...head({
      name: 'deploy',
      needs: 'test',
      condition: "github.event_name == 'push'",
      permissions: [READ, TOKEN],
      group: `${app}-${stage}`,
    }),
    ...setup(project),
    ...signIn('GOBLET_DEPLOY_ROLE'),
    ...step('Deploy', [
      `${run} goblet deploy ${wordsOf(project, stage)}${lockedStage === undefined ? '' : ' --check-permissions'}`,
    ]),
  ]
}
