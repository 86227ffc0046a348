import { useState } from "react";
import type { Trouble } from "./trouble";

/** Sends a change, and answers why it was not made. */
type Send = (idempotencyKey: string) => Promise<Trouble | undefined>;

/** Why a change was not made, and how to make it after all: the same request, with the same key. */
export interface Refused extends Trouble {
  again: () => void;
}

/**
 * Changes that are made once each.
 *
 * Every click has an idempotency key of its own, which its retries keep: however often its request is sent, and
 * whichever of the answers was lost, Arena is changed once.
 */
export function useChange() {
  const [pending, setPending] = useState(false);
  const [refused, setRefused] = useState<Refused>();

  function change(send: Send) {
    const idempotencyKey = crypto.randomUUID();
    const attempt = async () => {
      setRefused(undefined);
      setPending(true);
      const trouble = await send(idempotencyKey);
      setPending(false);
      setRefused(trouble && { ...trouble, again: attempt });
    };
    void attempt();
  }

  return { change, pending, refused, dismiss: () => setRefused(undefined) };
}
