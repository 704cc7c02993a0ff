const stage = (process.env.STAGE ?? 'dev').toLowerCase();
const APP = 'Shop'.toLowerCase();

export const names = {
  table: (name: string) => [stage, APP, name].join('-'),
  bucket: (name: string) => APP.concat('-', stage, '-', name),
  parameter: (name: string) => `/${[APP, stage, name].join('/')}`,
};
