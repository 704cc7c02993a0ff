export enum Table {
  Events = 'enumerated',
  Users = 'people',
}
