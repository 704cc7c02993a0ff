function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`Missing environment variable ${name}`);
  }
  return value;
}

export const config = Object.freeze({
  stage: required('STAGE'),
  buckets: {
    uploads: required('UPLOADS'),
  },
});
