/** The documents of the API, under the names that the console calls them by. */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** What is not known is absent: the API leaves it out and never writes a null. */
type Told<T> = T extends readonly (infer Item)[]
  ? Told<Item>[]
  : T extends object
    ? { [Member in keyof T]: Told<Exclude<T[Member], null>> }
    : Exclude<T, null>;

type Of<Name extends keyof Schemas> = Told<Schemas[Name]>;

export type Severity = Of<"SeverityBody">;
export type Color = Of<"ColorBody">;
export type Status = Of<"StatusBody">;
export type Session = Of<"SessionBody">;
export type SignInWays = Of<"SignInWays">;
export type Source = Of<"SourceBody">;
export type SourceList = Of<"SourceList">;
export type Overview = Of<"Overview">;
export type IncidentRow = Of<"IncidentRowBody">;
export type IncidentList = Of<"IncidentList">;
export type Incident = Of<"IncidentBody">;
export type Evidence = Of<"EvidenceBody">;
export type Finding = Of<"FindingBody">;
export type Triage = Of<"TriageBody">;
export type Note = Of<"Note">;
export type Graph = Of<"GraphBody">;
export type GraphNode = Of<"NodeBody">;
export type GraphEdge = Of<"EdgeBody">;
export type GraphGroup = Of<"GroupBody">;
export type GraphRowList = Of<"GraphRowList">;
export type Inspection = Of<"Inspector">;
export type Use = Of<"Use">;
export type Moment = Of<"Moment">;
export type Timeline = Of<"TimelineBody">;
export type Command = Of<"CommandBody">;
export type Expectation = Of<"ExpectBody">;
export type PlanStep = Of<"StepBody">;
export type PlanDocument = Of<"PlanDocument">;
export type Plan = Of<"PlanBody">;
export type Tick = Of<"Tick">;
export type RawEvent = Of<"EventBody">;
export type Found = Of<"Found">;
export type FoundList = Of<"FoundList">;
export type NamedCount = Of<"SubjectUse">;
export type TraceStep = Of<"StepOfTrace">;
export type SubjectPart = Of<"SubjectPart">;
export type Subject = Of<"SubjectBody">;
export type Suppression = Of<"SuppressionRow">;
export type SuppressionList = Of<"SuppressionList">;
export type NewSuppression = Of<"NewSuppression">;
export type AuditLine = Of<"AuditLine">;
export type AuditList = Of<"AuditList">;
export type SettingList = Of<"SettingList">;
