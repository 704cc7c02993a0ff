// What may be wrong between here and AWS: a part of the catalogue in ../errors.ts.
import { saying } from './saying.ts'

export const deploying = {
  GOBLET_NO_CLIENT: saying<{ packages: string }>(
    ({ packages }) => `Deploying calls AWS by packages that are not installed: ${packages}.`,
    ({ packages }) => `Install them beside goblet: npm install --save-dev ${packages}`,
  ),
  GOBLET_NO_REGION: saying<Record<never, never>>(
    () => 'No AWS region is given.',
    () =>
      'Name one with --region, in AWS_REGION, or as `region` of the profile in ~/.aws/config (`aws configure set region eu-central-1`).',
  ),
  GOBLET_CREDENTIALS_EXPIRED: saying<{ profile: string; problem: string }>(
    ({ profile, problem }) => `The AWS credentials of the profile ${profile} have expired: ${problem}`,
    ({ profile }) =>
      `Sign in again: \`aws sso login${profile === 'default' ? '' : ` --profile ${profile}`}\`, or however you got them.`,
  ),
  GOBLET_CREDENTIALS_REFUSED: saying<{ profile: string; problem: string }>(
    ({ profile, problem }) => `AWS does not take the credentials of the profile ${profile}: ${problem}`,
    () =>
      'Look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, which stand in place of ~/.aws where they are set, and at the clock of this machine; `aws sts get-caller-identity` has to work.',
  ),
  GOBLET_UNREACHABLE: saying<{ operation: string; problem: string }>(
    ({ operation, problem }) => `${operation} reached nobody: ${problem}`,
    () =>
      'Look at the network, the name of the region (--region, AWS_REGION) and the endpoint where one is given (--endpoint-url, AWS_ENDPOINT_URL); then run the same command again: it goes on from what is there.',
  ),
  GOBLET_DEPLOY_DENIED: saying<{ operation: string; problem: string }>(
    ({ operation, problem }) => `AWS does not let you call ${operation}: ${problem}`,
    () => 'Ask for that permission, or sign in as somebody who has it; `goblet doctor` prints the policy it takes.',
  ),
  GOBLET_DEPLOY_CALL: saying<{ operation: string; problem: string }>(
    ({ operation, problem }) => `${operation} failed: ${problem}`,
    () => 'Run the same command again: it goes on from what is there.',
  ),
  GOBLET_DEPLOY_HELD: saying<{ stack: string; who: string; host: string; pid: number; since: string; command: string }>(
    ({ stack, who, host, pid, since, command }) =>
      `${who} is working on ${stack}: \`${command}\` on ${host} (process ${pid}), since ${since}.`,
    () => 'Wait until it is done. When that process has died, its hold ends by itself within a minute.',
  ),
  GOBLET_DEPLOY_LOST: saying<{ stack: string }>(
    ({ stack }) =>
      `Somebody else took over ${stack}: this process had not told for more than a minute that it still works.`,
    () => 'Nothing more was changed from here. Look at `goblet status`, then run the command again.',
  ),
  GOBLET_DEPLOY_STOPPED: saying<{ stack: string; state: string }>(
    ({ stack, state }) => `Stopped. ${stack} is as it was told to become so far (${state}); AWS goes on with it.`,
    () => 'Run the same command again: it waits for what is under way, and finishes the rest.',
  ),
  GOBLET_STACK_FAILED: saying<{
    stack: string
    state: string
    resource: string
    kind: string
    reason: string
    mend: string
  }>(
    ({ stack, state, resource, kind, reason }) =>
      `${stack} could not be deployed: ${resource} (${kind}) failed: ${reason} AWS put everything back (${state}).`,
    ({ mend }) => mend,
  ),
  GOBLET_STACK_STUCK: saying<{ stack: string; state: string; reason: string }>(
    ({ stack, state, reason }) =>
      `The stack ${stack} is in ${state}, from which it does not go on by itself. ${reason}`,
    () => 'Mend what its events name (CloudFormation console, Events), then run the same command again.',
  ),
  GOBLET_CHANGES_REFUSED: saying<{ stack: string; reason: string }>(
    ({ stack, reason }) => `CloudFormation does not take the changes to ${stack}: ${reason}`,
    () => 'Nothing was changed. Mend what it names, and deploy again.',
  ),
  GOBLET_PART_MISSING: saying<{ missing: string }>(
    ({ missing }) =>
      `Somebody deleted ${missing}, and the app is so large that it lies in several stacks: what lies across them is not made again by itself.`,
    () => 'Take what is missing out of the app, deploy, put it back, and deploy again.',
  ),
  GOBLET_BUCKET_TAKEN: saying<{ bucket: string }>(
    ({ bucket }) => `The artifact bucket ${bucket} exists, but it is not yours or you may not see it.`,
    () =>
      'Sign in as somebody who may use it. If another account owns it, do not deploy: your code would be put there.',
  ),
  GOBLET_NOT_DEPLOYED: saying<{ what: string }>(
    ({ what }) => `${what} is not deployed.`,
    () => 'Deploy it with `goblet deploy`, or name the stage and region where it is.',
  ),
  GOBLET_NO_ZONE: saying<{ name: string }>(
    ({ name }) => `There is no hosted zone in Route 53 that ${name} lies in.`,
    () =>
      "Make one there and let the domain's registrar point at its name servers, name another as `zone`, or write `zone: false` and a `certificate` where DNS is somebody else's.",
  ),
  GOBLET_NO_VERSION: saying<{ name: string; to: string; known: string }>(
    ({ name, to, known }) =>
      known === ''
        ? `There is no version of ${name} to go back to.`
        : `${name} has no version ${to} to go back to; it has ${known}.`,
    () => 'Deploy the code that you want; `goblet status` shows the versions that are live.',
  ),
  GOBLET_SMOKE: saying<{ url: string; answer: string; back: boolean }>(
    ({ url, answer, back }) =>
      `The deploy was done, but GET ${url} answered ${answer}.${back ? ' The functions are back on the versions before.' : ''}`,
    () => 'See `goblet logs` for what the function said, mend it, and deploy again.',
  ),
  GOBLET_CANARY: saying<{ reason: string }>(
    ({ reason }) => `The new versions were taken back while a part of the traffic went to them: ${reason}`,
    () => 'See `goblet logs` for what failed, mend it, and deploy again.',
  ),
  GOBLET_REPLACES_DATA: saying<{ problem: string; mend: string }>(
    ({ problem }) => `${problem}.`,
    ({ mend }) => mend,
  ),
  GOBLET_UNKNOWN_CALL: saying<{ name: string; message: string; mend: string }>(
    ({ name, message }) => `What ${name} may do cannot be known: ${message}`,
    ({ mend }) => mend,
  ),
  GOBLET_POLICY_TOO_LONG: saying<{ name: string; length: number }>(
    ({ name, length }) =>
      `What ${name} may do takes ${length.toLocaleString('en')} characters, more than a role can hold in its own policy and ten more.`,
    () => 'Split the function (routes: `isolate: true`), or name fewer resources one by one.',
  ),
  GOBLET_NOT_REVIEWED: saying<{ file: string; grants: string }>(
    ({ file, grants }) => `Functions would be allowed what ${file} does not have: ${grants}.`,
    () => 'Look at it with `goblet policy --check`, accept it with `goblet policy --write`, and commit the file.',
  ),
}
