// The pipelines there are: which files each is made of, and what is to be done once they are there.
import { toBuildspec, toCodePipeline } from './codepipeline.ts'
import { toWorkflow } from './github.ts'
import { toGithubRoles } from './github-roles.ts'
import type { PipelineRights } from './policies.ts'
import { inFolder, type PipelineFile, type PipelineProject } from './project.ts'

export type PipelineKind = 'github' | 'codepipeline'

export interface Pipeline {
  /** By path in the repository. */
  readonly files: readonly PipelineFile[]
  /** Commands and settings, line by line. */
  readonly steps: readonly string[]
}

// A template that is no longer needs no bucket to go by. Source: "Understand CloudFormation quotas".
const BYTES = 51_200

const fits = (text: string): boolean => Buffer.byteLength(text) <= BYTES

/** As wide as it may be. */
function toJson(value: object): string {
  const texts = [2, 1, 0].map((indent) => `${JSON.stringify(value, null, indent)}\n`)
  return texts.find(fits) ?? texts[1] ?? ''
}

const bucketFor = (text: string): string => (fits(text) ? '' : ' --s3-bucket BUCKET')

const github = (project: PipelineProject, rights: PipelineRights): Pipeline => {
  const roles = inFolder(project, 'pipeline/github-roles.json')
  const text = toJson(toGithubRoles(project, rights))
  const workflow = project.folder === '' ? 'deploy' : `deploy-${project.app}`
  return {
    files: [
      { path: `.github/workflows/${workflow}.yml`, text: toWorkflow(project), summary: 'the workflow' },
      { path: roles, text, summary: 'the roles it takes on' },
    ],
    steps: [
      'Make the roles, once, as somebody who may:',
      `  aws cloudformation deploy --region ${project.region} --stack-name ${project.app}-github --template-file ${roles}${bucketFor(text)} --capabilities CAPABILITY_IAM --parameter-overrides Repository=OWNER/NAME`,
      "Tell GitHub their ARNs, the stack's outputs (the template says how repositories of after July 2026 are named):",
      '  gh variable set GOBLET_PLAN_ROLE --body ARN',
      '  gh variable set GOBLET_PREVIEW_ROLE --body ARN',
      '  gh variable set GOBLET_DEPLOY_ROLE --body ARN',
    ],
  }
}

const codepipeline = (project: PipelineProject, rights: PipelineRights): Pipeline => {
  const template = inFolder(project, 'pipeline/codepipeline.json')
  const text = toJson(toCodePipeline(project, rights))
  return {
    files: [
      { path: template, text, summary: 'the pipeline, as CloudFormation' },
      { path: inFolder(project, 'pipeline/buildspec.yml'), text: toBuildspec(project), summary: 'what its builds run' },
    ],
    steps: [
      'Connect the repository (Developer Tools console, Settings, Connections), commit these files, then make the pipeline, once:',
      `  aws cloudformation deploy --region ${project.region} --stack-name ${project.app}-pipeline --template-file ${template}${bucketFor(text)} --capabilities CAPABILITY_IAM --parameter-overrides Connection=ARN Repository=OWNER/NAME Approval=no`,
    ],
  }
}

export const PIPELINES: Readonly<Record<PipelineKind, (project: PipelineProject, rights: PipelineRights) => Pipeline>> =
  {
    github,
    codepipeline,
  }
