// @vitest-environment jsdom
import { act, createElement, type ComponentType } from "react";
import { createRoot } from "react-dom/client";
import { expect, it } from "vitest";
import { lazily } from "./lazily";

declare global {
  var IS_REACT_ACT_ENVIRONMENT: boolean;
}
globalThis.IS_REACT_ACT_ENVIRONMENT = true;

function Greeting({ name }: { name: string }) {
  return createElement("p", null, `Hello ${name}`);
}

async function shown(component: ComponentType<{ name: string }>): Promise<string> {
  const host = document.createElement("div");
  await act(async () => createRoot(host).render(createElement(component, { name: "you" })));
  return host.textContent ?? "";
}

it("shows a component once it has come", async () => {
  const Lazy = lazily(async () => Greeting);
  expect(await shown(Lazy)).toBe("Hello you");
});

it("is not loaded again once it is there", async () => {
  let loads = 0;
  const Lazy = lazily(async () => {
    loads++;
    return Greeting;
  });
  await Lazy.preload();
  await shown(Lazy);
  await shown(Lazy);
  expect(loads).toBe(1);
});

it("is tried again after it could not be loaded", async () => {
  let online = false;
  const Lazy = lazily(async () => {
    if (!online) throw new Error("offline");
    return Greeting;
  });
  await expect(Lazy.preload()).rejects.toThrow("offline");
  online = true;
  await Lazy.preload();
  expect(await shown(Lazy)).toBe("Hello you");
});
