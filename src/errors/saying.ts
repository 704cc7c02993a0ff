// The form of an entry of the catalogue: what happened, and how to mend it, both from the same details.

export interface Saying<Details> {
  says: (details: Details) => string
  mend: (details: Details) => string
}

export function saying<Details>(says: Saying<Details>['says'], mend: Saying<Details>['mend']): Saying<Details> {
  return { says, mend }
}
