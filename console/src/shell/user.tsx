/** Who is signed in, and what they may do: the server refuses the rest. */
import { type ReactNode, createContext, useContext } from "react";

import type { Session } from "../api/types";

type Role = Session["role"];

const RANKS: Record<Role, number> = { viewer: 0, analyst: 1, admin: 2 };

const UserContext = createContext<Session | undefined>(undefined);

export function UserProvider({ user, children }: { user: Session; children: ReactNode }) {
  return <UserContext.Provider value={user}>{children}</UserContext.Provider>;
}

export function useUser(): Session {
  const user = useContext(UserContext);
  if (user === undefined) {
    throw new Error("nobody is signed in above this component");
  }
  return user;
}

/** Whether somebody of the role `has` may do what needs `needed`. */
export function mayDo(has: Role, needed: Role): boolean {
  return RANKS[has] >= RANKS[needed];
}

/** Why `user` may not decide, or nothing where they may. */
export function whyNotDecide({ role }: Pick<Session, "role">): string | undefined {
  return mayDo(role, "analyst") ? undefined : "You may look; deciding is for analysts and admins.";
}

/** Why `user` may not end a suppression of `owner`, or nothing where they may. */
export function whyNotEnd({ role, user }: Pick<Session, "role" | "user">, owner: string): string | undefined {
  const why = whyNotDecide({ role });
  if (why !== undefined || mayDo(role, "admin") || owner === user) {
    return why;
  }
  return "Analysts end their own suppressions; this one is another's.";
}
