export const TABLE = 'barrel';
export const BUCKET = TABLE;
