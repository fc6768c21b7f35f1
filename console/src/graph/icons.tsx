/** An icon for each kind of node; the words are on the card, too. */
import {
  Building2,
  CircleHelp,
  Cloud,
  Container,
  FileKey,
  Globe,
  IdCard,
  KeyRound,
  Layers,
  type LucideIcon,
  Server,
  Timer,
  User,
  Zap,
} from "lucide-react";

import { createElement } from "react";

import type { GraphNode } from "../api/types";

const ICONS: Record<string, LucideIcon> = {
  access_key: KeyRound,
  address: Globe,
  artifact: FileKey,
  aws_service: Cloud,
  ec2_instance: Server,
  external_account: Building2,
  group: Layers,
  iam_user: User,
  identity_provider: IdCard,
  role_session: Timer,
  unknown: CircleHelp,
};

export function NodeIcon({ node, size = 16 }: { node: Pick<GraphNode, "kind" | "sublabel">; size?: number }) {
  return createElement(iconOf(node), { size, strokeWidth: 1.8, "aria-hidden": true });
}

function iconOf({ kind, sublabel = "" }: Pick<GraphNode, "kind" | "sublabel">): LucideIcon {
  if (kind === "artifact" && sublabel.startsWith("IAM user")) {
    return User;
  }
  if (kind === "aws_service" && sublabel.startsWith("Lambda")) {
    return Zap;
  }
  if (kind === "aws_service" && sublabel.startsWith("ECS")) {
    return Container;
  }
  return ICONS[kind] ?? CircleHelp;
}
