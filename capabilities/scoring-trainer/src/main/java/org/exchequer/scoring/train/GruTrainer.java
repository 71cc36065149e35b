package org.exchequer.scoring.train;

import java.util.List;
import java.util.Random;
import org.exchequer.scoring.model.Gru;
import org.exchequer.scoring.model.Schema;
import org.exchequer.scoring.model.Sequence;
import org.exchequer.scoring.model.SequenceModel;

/**
 * Trains the network over accounts' histories: cross entropy, back through time, Adam (Kingma and Ba 2015). One thread
 * and a seed, so that it is the same model each time.
 */
public final class GruTrainer {
    private static final double MOST_NORM = 5;
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final double TINY = 1e-8;

    private final Gru gru;
    private final Gru.Step[] steps = new Gru.Step[Sequence.MOST_EVENTS + 1];
    private final double[][] inputs;

    /**
     * How to train.
     *
     * @param hidden width of the state
     * @param epochs passes over the data
     * @param batch rows of one step
     * @param learningRate of Adam at the start; it falls to a tenth
     */
    public record Settings(int hidden, int epochs, int batch, double learningRate, long seed) {
        public static Settings usual(long seed) {
            return new Settings(12, 4, 32, 0.01, seed);
        }
    }

    GruTrainer(Gru gru) {
        this.gru = gru;
        this.inputs = new double[Sequence.MOST_EVENTS][gru.inputs()];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = new Gru.Step(gru);
        }
    }

    /** @throws TrainingException if there is nothing to learn from */
    public static SequenceModel fit(List<Sequence> histories, boolean[] labels, Settings settings) {
        if (histories.isEmpty() || histories.size() != labels.length) {
            throw new TrainingException("behaviour: needs histories, each with a label");
        }
        Schema schema = histories.getFirst().schema();
        float[] mean = new float[schema.size()];
        float[] deviation = new float[schema.size()];
        moments(histories, mean, deviation);
        Gru gru = new Gru(schema.size(), settings.hidden());
        GruTrainer trainer = new GruTrainer(gru);
        double[] w = trainer.train(histories, labels, mean, deviation, settings);
        float[] narrow = new float[w.length];
        for (int i = 0; i < w.length; i++) {
            narrow[i] = (float) w[i];
        }
        return new SequenceModel(gru, mean, deviation, narrow);
    }

    private double[] train(
            List<Sequence> histories, boolean[] labels, float[] mean, float[] deviation, Settings settings) {
        Random random = new Random(settings.seed());
        double[] w = start(gru, labels, random);
        double[] gradient = new double[w.length];
        double[] first = new double[w.length];
        double[] second = new double[w.length];
        int[] order = new int[labels.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        long batches = (long) settings.epochs() * ((order.length + settings.batch() - 1) / settings.batch());
        long step = 0;
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            shuffle(order, random);
            for (int from = 0; from < order.length; from += settings.batch()) {
                int to = Math.min(order.length, from + settings.batch());
                java.util.Arrays.fill(gradient, 0);
                for (int i = from; i < to; i++) {
                    int length = load(histories.get(order[i]), mean, deviation);
                    back(w, length, labels[order[i]], gradient);
                }
                clip(gradient, to - from);
                step++;
                double rate = settings.learningRate() * (1 - 0.9 * step / batches);
                adam(w, gradient, first, second, step, rate);
            }
        }
        return w;
    }

    /** Small weights; the update gate leans to keeping, the output to the base rate. */
    static double[] start(Gru gru, boolean[] labels, Random random) {
        double[] w = new double[gru.weights()];
        double scale = 1 / Math.sqrt(gru.hidden());
        for (int i = 0; i < w.length; i++) {
            w[i] = (2 * random.nextDouble() - 1) * scale;
        }
        int frauds = 0;
        for (boolean label : labels) {
            frauds += label ? 1 : 0;
        }
        for (int i = 0; i < gru.hidden(); i++) {
            w[gru.bias(Gru.UPDATE) + i] = 1;
        }
        w[w.length - 1] = Math.log((frauds + 1.0) / (labels.length - frauds + 1.0));
        return w;
    }

    int load(Sequence history, float[] mean, float[] deviation) {
        for (int event = 0; event < history.length(); event++) {
            for (int i = 0; i < gru.inputs(); i++) {
                inputs[event][i] = SequenceModel.scaled(history.at(event, i), mean[i], deviation[i]);
            }
        }
        return history.length();
    }

    /** Adds the gradient of one row's cross entropy to what is there, and gives the cross entropy. */
    double back(double[] w, int length, boolean label, double[] gradient) {
        for (int t = 0; t < length; t++) {
            gru.step(w, inputs[t], steps[t].state, steps[t + 1]);
        }
        int hidden = gru.hidden();
        double[] last = steps[length].state;
        double margin = gru.output(w, last);
        double p = 1 / (1 + StrictMath.exp(-margin));
        double error = p - (label ? 1 : 0);
        double[] state = new double[hidden];
        for (int i = 0; i < hidden; i++) {
            gradient[gru.output() + i] += error * last[i];
            state[i] = error * w[gru.output() + i];
        }
        gradient[gru.output() + hidden] += error;
        for (int t = length; t > 0; t--) {
            state = stepBack(w, inputs[t - 1], steps[t - 1].state, steps[t], state, gradient);
        }
        return label ? StrictMath.log1p(StrictMath.exp(-margin)) : StrictMath.log1p(StrictMath.exp(margin));
    }

    /** From the gradient of a state to that of the state before. */
    private double[] stepBack(
            double[] w, double[] x, double[] before, Gru.Step step, double[] state, double[] gradient) {
        int hidden = gru.hidden();
        double[] earlier = new double[hidden];
        for (int i = 0; i < hidden; i++) {
            double candidate = state[i] * (1 - step.update[i]) * (1 - step.candidate[i] * step.candidate[i]);
            double update = state[i] * (before[i] - step.candidate[i]) * step.update[i] * (1 - step.update[i]);
            double reset = candidate * step.memory[i] * step.reset[i] * (1 - step.reset[i]);
            earlier[i] += state[i] * step.update[i];
            gate(w, Gru.UPDATE, i, update, update, x, before, earlier, gradient);
            gate(w, Gru.RESET, i, reset, reset, x, before, earlier, gradient);
            gate(w, Gru.CANDIDATE, i, candidate, candidate * step.reset[i], x, before, earlier, gradient);
        }
        return earlier;
    }

    private void gate(
            double[] w,
            int gate,
            int i,
            double fresh,
            double recurrent,
            double[] x,
            double[] before,
            double[] earlier,
            double[] gradient) {
        gradient[gru.bias(gate) + i] += fresh;
        int input = gru.input(gate) + i * gru.inputs();
        for (int j = 0; j < gru.inputs(); j++) {
            gradient[input + j] += fresh * x[j];
        }
        int memory = gru.recurrent(gate) + i * gru.hidden();
        for (int j = 0; j < gru.hidden(); j++) {
            gradient[memory + j] += recurrent * before[j];
            earlier[j] += recurrent * w[memory + j];
        }
    }

    private static void clip(double[] gradient, int rows) {
        double norm = 0;
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] /= rows;
            norm += gradient[i] * gradient[i];
        }
        norm = Math.sqrt(norm);
        for (int i = 0; i < gradient.length && norm > MOST_NORM; i++) {
            gradient[i] *= MOST_NORM / norm;
        }
    }

    private static void adam(double[] w, double[] gradient, double[] first, double[] second, long step, double rate) {
        double correctFirst = 1 - Math.pow(BETA_1, step);
        double correctSecond = 1 - Math.pow(BETA_2, step);
        for (int i = 0; i < w.length; i++) {
            first[i] = BETA_1 * first[i] + (1 - BETA_1) * gradient[i];
            second[i] = BETA_2 * second[i] + (1 - BETA_2) * gradient[i] * gradient[i];
            w[i] -= rate * (first[i] / correctFirst) / (Math.sqrt(second[i] / correctSecond) + TINY);
        }
    }

    private static void shuffle(int[] order, Random random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }

    private static void moments(List<Sequence> histories, float[] mean, float[] deviation) {
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            double squares = 0;
            long count = 0;
            for (Sequence history : histories) {
                for (int event = 0; event < history.length(); event++) {
                    double value = history.at(event, i);
                    if (!Double.isNaN(value)) {
                        sum += value;
                        squares += value * value;
                        count++;
                    }
                }
            }
            double average = count == 0 ? 0 : sum / count;
            double variance = count == 0 ? 0 : squares / count - average * average;
            mean[i] = (float) average;
            deviation[i] = variance > TINY ? (float) Math.sqrt(variance) : 1;
        }
    }
}
