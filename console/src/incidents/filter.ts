/** The filter of the list of incidents, as the address, the API and the filter box write it. */

export interface Token {
  propertyKey?: string;
  operator: string;
  value: string;
}

export interface Query {
  tokens: Token[];
  operation: "and" | "or";
}

/** What can be filtered by; each is a parameter of the API and of the address. */
export const PROPERTIES = ["severity", "status", "account", "detector", "origin_kind"] as const;

/** The parameters of the address that choose rows. */
const ROW_PARAMETERS = [...PROPERTIES, "q", "sort"] as const;

/** What the filter box shows for an address. */
export function queryOf(address: URLSearchParams): Query {
  const tokens: Token[] = PROPERTIES.flatMap((propertyKey) =>
    values(address, propertyKey).map((value) => ({ propertyKey, operator: "=", value })),
  );
  const words = address.get("q");
  if (words !== null && words !== "") {
    tokens.push({ operator: ":", value: words });
  }
  return { tokens, operation: "and" };
}

/** The address of a filter; its other parameters stay as they are. */
export function addressOf(query: Query, before: URLSearchParams): URLSearchParams {
  const address = new URLSearchParams(before);
  for (const property of PROPERTIES) {
    const chosen = query.tokens.filter((token) => token.propertyKey === property).map(({ value }) => value);
    put(address, property, [...new Set(chosen)].join(","));
  }
  const words = query.tokens.filter(({ propertyKey }) => propertyKey === undefined).map(({ value }) => value);
  put(address, "q", words.join(" "));
  return address;
}

/** What the API is asked for. */
export function parametersOf(address: URLSearchParams, cursor: string | undefined): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const name of ROW_PARAMETERS) {
    put(parameters, name, address.get(name) ?? "");
  }
  put(parameters, "cursor", cursor ?? "");
  return parameters;
}

/** The field and the direction of `-severity`, which is how the list is sorted at first. */
export function sortOf(address: URLSearchParams): { field: string; isDescending: boolean } {
  const sort = address.get("sort") ?? "-severity";
  return { field: sort.replace(/^-/, ""), isDescending: sort.startsWith("-") };
}

function values(address: URLSearchParams, name: string): string[] {
  return (address.get(name) ?? "").split(",").filter((value) => value !== "");
}

function put(address: URLSearchParams, name: string, value: string) {
  if (value === "") {
    address.delete(name);
  } else {
    address.set(name, value);
  }
}
