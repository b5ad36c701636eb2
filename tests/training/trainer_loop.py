"""What all trainings share: the loop ends with its time, a checkpoint is gone on from, the average follows, rates fall."""
import argparse
import pathlib
import sys
import tempfile

import harness

torch = harness.need("torch")
sys.path.insert(0, str(harness.ROOT / "models" / "training"))
import trainer  # noqa: E402


class Run(trainer.Run):
    parts, values, log_every, judge_seconds = ("model", "mean", "optimizer"), ("best",), 2, 0

    def __init__(self, folder, minutes):
        super().__init__(argparse.Namespace(out=folder, seed=3, minutes=minutes, bf16=False))
        self.model, self.mean = torch.nn.Conv2d(1, 1, 1), torch.nn.Conv2d(1, 1, 1)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1, momentum=0.9)
        self.best, self.judged = 0.0, []
        self.resume()

    def one(self):
        loss = (self.forward(self.model, torch.ones(1, 1, 2, 2)) - 5).square().mean()
        self.descend(loss, self.optimizer)
        trainer.average(self.mean, self.model, self.step, 0.5, 1)
        self.used += 10  # seconds, beside the real ones
        return [float(loss)]

    def words(self, figures):
        return f"loss {figures[0]:.3f}"

    def judge(self, last):
        self.judged.append(last)
        self.best = float(self.step)


def the_loop_ends_with_its_time_and_logs():
    with tempfile.TemporaryDirectory() as folder:
        run = Run(folder, 1)
        run.go()
        lines = (pathlib.Path(folder) / "progress.txt").read_text().splitlines()
        assert run.step == 6 and run.used >= 60, (run.step, run.used)
        assert [line.split()[-2] for line in lines] == ["loss"] * 3 and "step      6" in lines[-1], lines
        assert run.judged[-1] is True and set(run.judged[:-1]) == {False}, run.judged


def a_run_goes_on_from_its_checkpoint():
    with tempfile.TemporaryDirectory() as folder:
        first = Run(folder, 1)
        first.go()
        second = Run(folder, 2)
        assert (second.step, second.used, second.best) == (6, first.used, 6.0)
        for part in Run.parts[:2]:
            a, b = getattr(first, part).state_dict(), getattr(second, part).state_dict()
            assert all(torch.equal(a[k], b[k]) for k in a), part
        assert second.optimizer.state_dict()["state"], "the momentum is lost"
        assert abs(second.share() - 0.5) < 0.01
        second.go()
        assert second.step == 12 and Run(folder, 1).share() > 1
        last = torch.load(pathlib.Path(folder) / "last.pt")
        assert all(torch.equal(last[k], v) for k, v in second.mean.state_dict().items())


def a_torn_checkpoint_is_not_left_behind():
    with tempfile.TemporaryDirectory() as folder:
        run = Run(folder, 1)
        run.go()
        before = run.checkpoint.read_bytes()
        run.mean = None  # fails while the state is collected
        try:
            run.save()
        except AttributeError:
            pass
        assert run.checkpoint.read_bytes() == before


def rates_fall_from_one_to_the_least():
    assert trainer.falling(0, 0.02) == 1 and abs(trainer.falling(1, 0.02) - 0.02) < 1e-12 and trainer.falling(2, 0.02) < 0.021
    values = [trainer.falling(s / 10, 0.02) for s in range(11)]
    assert values == sorted(values, reverse=True)


harness.run([the_loop_ends_with_its_time_and_logs, a_run_goes_on_from_its_checkpoint, a_torn_checkpoint_is_not_left_behind,
             rates_fall_from_one_to_the_least])
