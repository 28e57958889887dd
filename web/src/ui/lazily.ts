/**
 * Components that are loaded when they are first shown, or before.
 *
 * `React.lazy` would do, but for one thing: where a fallback was shown, React waits until 300 ms have passed before it shows what has come meanwhile, and
 * ours come in a few milliseconds. Here nothing is shown until the component is there, and then at once.
 */
import { createElement, useEffect, useState, type ComponentType } from "react";
import { loadTopic } from "../i18n";

export type Lazy<Props extends object> = ComponentType<Props> & {
  /** Loads it now, so that it is there when it is shown. */
  readonly preload: () => Promise<void>;
};

/** A component with the texts of its topic. */
export function lazilyWithTexts<Props extends object>(topic: string, load: () => Promise<ComponentType<Props>>): Lazy<Props> {
  return lazily(async () => {
    const [component] = await Promise.all([load(), loadTopic(topic)]);
    return component;
  });
}

export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>): Lazy<Props> {
  let found: ComponentType<Props> | undefined;
  const preload = async (): Promise<void> => {
    found ??= await load();
  };
  const Lazily = (props: Props) => {
    const [, show] = useState(false);
    useEffect(() => {
      if (!found) void preload().then(() => show(true));
    }, []);
    return found && createElement(found, props);
  };
  return Object.assign(Lazily, { preload });
}
