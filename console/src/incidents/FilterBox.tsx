/** The filter of the list of incidents. */
import PropertyFilter, { type PropertyFilterProps } from "@cloudscape-design/components/property-filter";

import type { IncidentRow } from "../api/types";
import { SEVERITIES, STATUSES, STATUS_WORDS, count, kindWords, sentence } from "../text/words";
import { visible } from "../text/visible";
import { type Query, addressOf, queryOf } from "./filter";

interface Props {
  address: URLSearchParams;
  rows: IncidentRow[];
  total: number | undefined;
  onChange: (address: URLSearchParams) => void;
}

const PROPERTIES: PropertyFilterProps.FilteringProperty[] = [
  { key: "severity", propertyLabel: "Severity", groupValuesLabel: "Severities", operators: ["="] },
  { key: "status", propertyLabel: "Status", groupValuesLabel: "Statuses", operators: ["="] },
  { key: "account", propertyLabel: "Account", groupValuesLabel: "Accounts", operators: ["="] },
  { key: "detector", propertyLabel: "Detector", groupValuesLabel: "Detectors", operators: ["="] },
  { key: "origin_kind", propertyLabel: "Origin", groupValuesLabel: "Kinds of origin", operators: ["="] },
];

export function FilterBox({ address, rows, total, onChange }: Props) {
  return (
    <PropertyFilter
      query={queryOf(address)}
      onChange={({ detail }) => onChange(addressOf(detail as Query, address))}
      filteringProperties={PROPERTIES}
      filteringOptions={options(rows)}
      freeTextFiltering={{ operators: [":"] }}
      hideOperations
      countText={total === undefined ? "" : count(total, "match", "matches")}
      filteringPlaceholder="Filter by severity, status, account, detector, origin or words"
      filteringAriaLabel="Filter the incidents"
      i18nStrings={{ clearFiltersText: "Clear the filter" }}
      expandToViewport
    />
  );
}

function options(rows: IncidentRow[]): PropertyFilterProps.FilteringOption[] {
  const distinct = (values: string[]) => [...new Set(values)].sort();
  const own = (propertyKey: string, values: string[], label: (value: string) => string) =>
    values.map((value) => ({ propertyKey, value, label: label(value) }));
  return [
    ...own("severity", [...SEVERITIES], sentence),
    ...own("status", [...STATUSES], (value) => STATUS_WORDS[value as keyof typeof STATUS_WORDS]),
    ...own("account", distinct(rows.flatMap(({ accounts }) => accounts)), visible),
    ...own("detector", distinct(rows.flatMap(({ detectors }) => detectors)), visible),
    ...own("origin_kind", distinct(rows.map(({ origin }) => origin.kind)), kindWords),
  ];
}
