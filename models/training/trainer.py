"""What the trainings here share: the device, a checkpoint that a run goes on from, a log, averaged weights, the loop.

    class Run(trainer.Run):
        parts, values = ("model", "optimizer"), ("best",)   # beside step and used in the checkpoint: state_dicts, plain values
        def one(self): ...              # a step; returns figures
        def words(self, figures): ...   # what the log says of the mean of some steps' figures
        def judge(self, last): ...      # looks at what was held out

A run owns its folder: state.pt is the checkpoint (every two minutes), progress.txt the log, last.pt the weights. It trains on a
CUDA device where there is one, else on the CPU, and goes on with the other's checkpoint. What a network answers comes back to
the CPU, where the losses are: they are the same on both.
"""
import math
import os
import pathlib
import time

import numpy as np
import torch

SAVE_SECONDS = 120


def average(mean, model, step, keep, warm):
    """Moves the averaged weights by a step; the average is short at first."""
    keep = keep * (1 - math.exp(-step / warm))
    for a, b in zip(mean.state_dict().values(), model.state_dict().values()):
        if a.dtype.is_floating_point:
            a.mul_(keep).add_(b, alpha=1 - keep)
        else:
            a.copy_(b)


def falling(share, least):
    """1 at the beginning, `least` at the end, as a cosine."""
    return least + (1 - least) * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))


def on_cpu(module):
    """Weights that load anywhere."""
    return {name: value.cpu() for name, value in module.state_dict().items()}


class Run:
    parts, values = (), ()
    log_every, judge_seconds, clip = 100, 1500, 10.0

    def __init__(self, options):
        self.options, self.out = options, pathlib.Path(options.out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.step, self.used = 0, 0.0
        torch.manual_seed(options.seed)

    @property
    def checkpoint(self):
        return self.out / "state.pt"

    def placed(self, module):
        return module.to(self.device, memory_format=torch.channels_last)

    def forward(self, model, *inputs):
        """On the device, in half precision when wished. Answers are the caller's to bring back (`.cpu()`)."""
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.options.bf16):
            return model(*(i.to(self.device, memory_format=torch.channels_last) for i in inputs))

    def resume(self):
        """Call it when all parts are made."""
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, map_location=self.device)
        for name in self.parts:
            getattr(self, name).load_state_dict(state[name])
        for name in ("step", "used", *self.values):
            setattr(self, name, state[name])

    def save(self):
        state = {name: getattr(self, name).state_dict() for name in self.parts}
        state.update({name: getattr(self, name) for name in ("step", "used", *self.values)})
        torch.save(state, self.out / "state.new")
        os.replace(self.out / "state.new", self.checkpoint)
        self.keep_weights("last.pt")

    def keep_weights(self, name):
        torch.save(on_cpu(self.mean if "mean" in self.parts else self.model), self.out / name)

    def log(self, text):
        line = f"{time.strftime('%H:%M:%S')} {self.used / 60:6.1f} min step {self.step:6} {text}"
        print(line, flush=True)
        with open(self.out / "progress.txt", "a") as file:
            file.write(line + "\n")

    def descend(self, whole, *optimizers):
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        whole.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.clip)
        for optimizer in optimizers:
            optimizer.step()
        self.step += 1

    def share(self):
        """How much of the training is done, 0..1, over all runs: rates and sizes follow it."""
        return self.used / (self.options.minutes * 60)

    def due(self, since):
        """Whether to look at what was held out."""
        return time.monotonic() - since > self.judge_seconds

    def go(self):
        saved, judged, shown = time.monotonic(), time.monotonic(), []
        while self.share() < 1:
            start = time.monotonic()
            self.model.train()
            shown.append(self.one())
            self.used += time.monotonic() - start
            if self.step % self.log_every == 0:
                self.log(self.words(np.mean(shown, 0)))
                shown = []
            if time.monotonic() - saved > SAVE_SECONDS:
                self.save()
                saved = time.monotonic()
            if self.due(judged):
                self.judge(last=False)
                judged = time.monotonic()
        self.save()
        self.judge(last=True)
