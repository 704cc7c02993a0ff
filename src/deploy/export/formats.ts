// The forms in which an app can leave.
import { toCdk } from './cdk.ts'
import { toCloudFormation } from './cloudformation.ts'
import { toSam } from './sam.ts'
import type { ExportFile, ExportSource } from './source.ts'
import { toTerraform } from './terraform.ts'

export type ExportFormat = 'cloudformation' | 'sam' | 'terraform' | 'cdk'

export const EXPORTS: Readonly<Record<ExportFormat, (source: ExportSource) => ExportFile[]>> = {
  cloudformation: toCloudFormation,
  sam: toSam,
  terraform: toTerraform,
  cdk: toCdk,
}
