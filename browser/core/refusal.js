/** What a check found: a code, the object it is about, and data. Pages turn codes into sentences. */

export const finding = (check, object = null, data = {}) => ({ check, object, data });

export class Refused extends Error {
  constructor(check, object = null, data = {}) {
    super(object === null ? check : `${check} (${object})`);
    this.name = "Refused";
    this.check = check;
    this.object = object;
    this.data = data;
  }

  get finding() {
    return finding(this.check, this.object, this.data);
  }
}

const LOW_LEVEL = {
  not_json: "text",
  not_canonical: "text",
  not_utf8: "text",
  not_hex: "text",
  scalar: "text",
  outside_group: "element",
};

/** Does *deed*; a refusal of a bare text, number or element is named after what it is part of: "ballot_text". */
export function within(part, object, deed, names = {}) {
  try {
    return deed();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const low = LOW_LEVEL[error.check];
    const check = names[error.check] ?? (low === undefined ? error.check : `${part}_${low}`);
    throw new Refused(check, error.object ?? object, error.data);
  }
}

/** Does *deed*; what it refuses becomes a finding about *object* and the value is null. */
export function collect(findings, object, deed) {
  try {
    return deed();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    findings.push(finding(error.check, error.object ?? object, error.data));
    return null;
  }
}
