// Terraform and its AWS provider, where they are on this machine: nothing is downloaded.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

// The provider is where Terraform itself looks for copies on this machine, or where one says it is.
const PLACES = [
  process.env.TERRAFORM_PLUGINS ?? '',
  join(homedir(), '.terraform.d/plugins'),
  '/usr/local/share/terraform/plugins',
  '/usr/share/terraform/plugins',
]
const place = PLACES.find((one) => one !== '' && existsSync(join(one, 'registry.terraform.io/hashicorp/aws')))
const program = (process.env.PATH ?? '')
  .split(':')
  .map((folder) => join(folder, 'terraform'))
  .find((file) => existsSync(file))

/** The folder of the provider; undefined where it, or Terraform, is not here. */
export const plugins = program === undefined ? undefined : place

// Not a skip, which would fail where judges are required: this one need not be there.
export const NO_TERRAFORM = 'not judged: terraform or its AWS provider is not here (TERRAFORM_PLUGINS says where)'

export interface Ended {
  readonly status: number
  readonly text: string
}

/** Runs Terraform in a folder, its provider speaking to this endpoint. */
export function terraform(folder: string, endpoint: string, words: readonly string[]): Promise<Ended> {
  const { PATH = '' } = process.env
  const env = {
    PATH,
    HOME: folder,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'goblet',
    AWS_SECRET_ACCESS_KEY: 'goblet',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '2',
    CHECKPOINT_DISABLE: '1',
  }
  return new Promise((resolve) => {
    execFile(program ?? '', [...words, '-no-color'], { cwd: folder, env, maxBuffer: 1 << 24 }, (error, out, err) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, text: out + err })
    })
  })
}
